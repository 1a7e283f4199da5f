import CCoexist
import Synchronization

/// Loaded ELF objects → runtime. The loader's own lock-free index (`_dl_find_object`) says which
/// object holds an address; this table remembers whose the object is.
enum Modules {
  /// The object's runtime: `system`, `app`, or a runtime's number. Async-signal-safe.
  @_noLocks @_noAllocation
  static func runtime(of object: coexist_object) -> UInt32 {
    record(object)?.pointee.runtime ?? Runtimes.app
  }

  /// As `runtime`, but an object that nobody knows becomes a runtime of its own: it asks for a
  /// handler, or maps code. Async-signal-safe.
  @_noLocks @_noAllocation
  static func party(_ object: coexist_object) -> UInt32 {
    guard let module = record(object) else { return Runtimes.app }
    let runtime = module.pointee.runtime
    guard runtime == Runtimes.app, !isMainProgram(object) else { return runtime }
    let name = coexist_object_name(object.map)!
    let number = Runtimes.add(catalogue: nil, library: name, base: object.low)
    withUnsafeMutablePointer(to: &module.pointee.runtime) {
      atomic($0).pointee.store(number, ordering: .releasing)
    }
    State.changed()
    return number
  }

  @_noLocks @_noAllocation
  private static func isMainProgram(_ object: coexist_object) -> Bool {
    coexist_object_is_program(object.map) != 0
  }

  /// Finds the object's entry or makes it. nil when the table is full.
  @_noLocks @_noAllocation
  private static func record(_ object: coexist_object) -> UnsafeMutablePointer<coexist_module>? {
    let size = UInt64(COEXIST_MODULES_MAX)
    let home = (object.low &>> 12) &* 0x9E37_79B9_7F4A_7C15 &>> 32
    for step in 0..<size {
      let module = coexist_module_at(home &+ step)!
      let map = atomicMap(module).pointee.load(ordering: .acquiring)
      if map == object.map, module.pointee.start == object.low { return module }
      if map == 0 { break }
    }
    return insert(object, at: home)
  }

  @_noLocks @_noAllocation
  private static func insert(
    _ object: coexist_object, at start: UInt64
  ) -> UnsafeMutablePointer<coexist_module>? {
    let runtime = classify(object)
    var index = start
    for _ in 0..<UInt64(COEXIST_MODULES_MAX) {
      let module = coexist_module_at(index)!
      let map = atomicMap(module).pointee.load(ordering: .relaxed)
      // 0 free, 1 left; 2 marks a slot that is being filled. Link maps are larger.
      if map < 2,
        atomicMap(module).pointee.compareExchange(
          expected: map, desired: 2, ordering: .acquiringAndReleasing
        ).exchanged
      {
        module.pointee.start = object.low
        module.pointee.runtime = runtime
        atomicMap(module).pointee.store(object.map, ordering: .releasing)
        return module
      }
      index &+= 1
    }
    return nil
  }

  @_noLocks @_noAllocation
  private static func classify(_ object: coexist_object) -> UInt32 {
    let name = coexist_object_name(object.map)!
    if coexist_object_is_system(name) != 0 { return Runtimes.system }
    guard let index = Catalogue.recognise(object, name: name), !Catalogue.isApp(index) else {
      return Runtimes.app
    }
    if coexist_catalogue_is_own_instance(index, name) == 0,
      let known = Runtimes.newest(of: index)
    {
      return known
    }
    let shown = name[0] == 0 ? programName() : name
    return Runtimes.add(catalogue: index, library: shown, base: object.low)
  }

  @_noLocks @_noAllocation
  private static func programName() -> UnsafePointer<CChar> { coexist_program_name()! }

  @_noLocks @_noAllocation @inline(__always)
  private static func atomicMap(
    _ module: UnsafeMutablePointer<coexist_module>
  ) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &module.pointee.map) { atomic($0) }
  }

  /// Forgets objects that the loader no longer has: their addresses may be given to others. `gone`
  /// is called for each runtime whose own object it was.
  static func sweep(_ gone: (UInt32) -> Void = { _ in }) {
    for index in 0..<UInt64(COEXIST_MODULES_MAX) {
      let module = coexist_module_at(index)!
      let map = atomicMap(module).pointee.load(ordering: .acquiring)
      guard map > 2, coexist_object_at(module.pointee.start).map != map else { continue }
      let runtime = module.pointee.runtime
      let start = module.pointee.start
      module.pointee.start = 0
      atomicMap(module).pointee.store(1, ordering: .releasing)
      if runtime >= Runtimes.first, State.runtime(runtime).pointee.base == start { gone(runtime) }
    }
  }
}
