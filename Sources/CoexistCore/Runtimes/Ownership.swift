import CCoexist

/// Who is who: address → runtime. Wait-free and async-signal-safe.
enum Ownership {
  /// The owner of an address; `system` when nothing is known about it.
  @_noLocks @_noAllocation
  static func owner(of address: UInt64) -> UInt32 {
    let object = coexist_object_at(address)
    if object.map != 0 { return Modules.runtime(of: object) }
    return Regions.owner(of: address)
  }

  /// The same, remembered in `span` until who is who changes: faults come again from the same code
  /// (implicit null checks), and the loader's index costs more than all else that tells whose they
  /// are. The span is the calling thread's own.
  @_noLocks @_noAllocation @inline(__always)
  static func owner(of address: UInt64, _ span: UnsafeMutablePointer<coexist_span>) -> UInt32 {
    let generation = State.generation
    if address &- span.pointee.low < span.pointee.size, span.pointee.generation == generation {
      return span.pointee.runtime
    }
    let found = Ownership.span(around: address, generation)
    // Of what nobody owns no bounds are known.
    if found.size != 0 { span.pointee = found }
    return found.runtime
  }

  @_noLocks @_noAllocation
  private static func span(around address: UInt64, _ generation: UInt64) -> coexist_span {
    let object = coexist_object_at(address)
    if object.map != 0 {
      return coexist_span(
        low: object.low, size: object.high &- object.low, generation: generation,
        runtime: Modules.runtime(of: object))
    }
    guard let region = Regions.region(holding: address) else {
      return coexist_span(low: 0, size: 0, generation: 0, runtime: Runtimes.system)
    }
    return coexist_span(
      low: region.low, size: region.high &- region.low, generation: generation,
      runtime: region.runtime)
  }

  /// Is there still code at the address, as far as we know?
  static func exists(_ address: UInt64) -> Bool {
    coexist_object_at(address).map != 0 || Regions.region(holding: address) != nil
  }

  /// The runtime that makes a call, by its return address. Code that nobody owns is the app's.
  @_noLocks @_noAllocation
  static func caller(_ address: UInt64) -> UInt32 {
    let owner = owner(of: address)
    return owner == Runtimes.system ? Runtimes.app : owner
  }

  /// Does the code belong to no runtime, nor to the program itself? An extension module, which acts
  /// for its language's runtime: which one that is cannot be told.
  @_noLocks @_noAllocation
  static func isAnonymous(_ caller: UInt64, _ runtime: UInt32) -> Bool {
    Runtimes.isUnknown(runtime)
      && coexist_object_at(caller).map != coexist_object_at(coexist_program_entry()).map
  }

  /// As `caller`, for calls that make a library a party of its own.
  @_noLocks @_noAllocation
  static func party(_ address: UInt64) -> UInt32 {
    let object = coexist_object_at(address)
    guard object.map != 0 else { return caller(address) }
    let owner = Modules.party(object)
    return owner == Runtimes.system ? Runtimes.app : owner
  }
}
