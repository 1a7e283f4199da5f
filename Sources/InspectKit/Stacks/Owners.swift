import CCoexist

/// Who owns an address of the observed process, as the library itself decides: generated code by
/// its region, a library by its place, its name, and the catalogue.
struct Owners {
  private let state: State
  private let guests: [Runtime]
  private let known: [KnownRuntime]

  init(_ state: State) {
    self.state = state
    guests = state.guests
    known = KnownRuntime.all(for: state)
  }

  /// The runtime's number (0 libc and its like, 1 the program), and why: a phrase. nil = nothing is
  /// known of the address.
  func owner(of address: UInt64, at place: Location?) -> (runtime: Int, because: String)? {
    if let region = region(holding: address) {
      let what = region.kind == .code ? "code that it generated" : "memory that it guards"
      return (region.runtime, what)
    }
    guard let place else { return nil }
    if let own = guests.first(where: { $0.base == place.base }) {
      return (own.number, "the module that it was recognised by")
    }
    if let own = nearest(guests.filter { $0.library == place.module }, place) {
      return (own.number, "the module that it was recognised by")
    }
    if coexist_object_is_system(place.module) != 0 {
      return (0, "libc and its like work for everybody")
    }
    let entry = known.first { entry in
      entry.libraries.contains { KnownRuntime.matches($0, place.module) }
    }
    if let entry, let own = nearest(guests.filter { $0.kind == entry.name }, place) {
      let source = entry.isConfigured ? "configuration" : "catalogue"
      return (own.number, "one of its libraries, by the \(source)")
    }
    return (1, "a library that asked for nothing; it counts as the program's")
  }

  func region(holding address: UInt64) -> Region? {
    var first = 0
    var end = state.regions.count
    while first < end {
      let middle = (first + end) / 2
      if state.regions[middle].high <= address { first = middle + 1 } else { end = middle }
    }
    guard first < state.regions.count, state.regions[first].low <= address else { return nil }
    return state.regions[first]
  }

  func name(_ runtime: Int) -> String { state.name(ofRuntime: runtime) }

  func container(of address: UInt64) -> Container? { state.container(at: address) }

  /// Of several instances the one in the same container.
  private func nearest(_ candidates: [Runtime], _ place: Location) -> Runtime? {
    guard candidates.count > 1 else { return candidates.first }
    let container = state.container(at: place.base)?.id
    return candidates.first { state.container(at: $0.base)?.id == container } ?? candidates.first
  }
}
