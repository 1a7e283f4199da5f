import CCoexist
import Synchronization

typealias GuestModule = UnsafeMutablePointer<coexist_tls_module>

/// Loaded objects with thread-local storage, by module id, with the policy of each
/// (`coexist_tls_module` in `state.h`).
enum GuestModules {
  private static let filling: UInt64 = 1

  static var state: UnsafeMutablePointer<coexist_tls_state> {
    @_noLocks @_noAllocation get {
      coexist_state_tls(State.shared)
    }
  }

  /// The module of an id, or nil: the loader has not shown it to us.
  @_noLocks @_noAllocation
  static func known(_ id: UInt64) -> GuestModule? {
    guard id < UInt64(COEXIST_TLS_MODULES_MAX) else { return nil }
    let module = coexist_state_tls_module(State.shared, id)!
    return map(module).pointee.load(ordering: .acquiring) > filling ? module : nil
  }

  /// As `known`, but looks once more. Not where the loader's lock must not be taken.
  static func find(_ id: UInt64) -> GuestModule? {
    if let module = known(id) { return module }
    scan()
    return known(id)
  }

  static var count: UInt64 {
    @_noLocks @_noAllocation get {
      withUnsafeMutablePointer(to: &state.pointee.modules_count) {
        min(atomic($0).pointee.load(ordering: .acquiring), UInt64(COEXIST_TLS_MODULES_MAX))
      }
    }
  }

  static var version: UInt32 {
    @_noLocks @_noAllocation get {
      atomic(coexist_tls_modules_version()).pointee.load(ordering: .acquiring)
    }
  }

  static func changed() {
    _ = atomic(coexist_tls_modules_version()).pointee.wrappingAdd(
      1, ordering: .acquiringAndReleasing)
    withUnsafeMutablePointer(to: &state.pointee.modules_version) {
      _ = atomic($0).pointee.wrappingAdd(1, ordering: .acquiringAndReleasing)
    }
    State.changed()
  }

  /// Takes notice of every loaded object. After the first contexts, and after each dlopen.
  static func scan() { coexist_tls_scan { GuestModules.visit($0!.pointee) } }

  private static func visit(_ facts: coexist_tls_facts) {
    guard facts.module < UInt64(COEXIST_TLS_MODULES_MAX) else { return }
    let module = coexist_state_tls_module(State.shared, facts.module)!
    let known = map(module).pointee.load(ordering: .acquiring)
    // Another thread has closed what had this id, and has not come to tell: here is its successor.
    if known > filling, known == facts.map, module.pointee.low == facts.low,
      module.pointee.image == facts.image
    {
      return
    }
    guard known != filling,
      map(module).pointee.compareExchange(
        expected: known, desired: filling, ordering: .acquiringAndReleasing
      ).exchanged
    else { return }
    if known != 0 { forgetNative(facts.module) }
    module.pointee.low = facts.low
    module.pointee.image = facts.image
    module.pointee.image_size = facts.image_size
    module.pointee.size = facts.size
    module.pointee.align = max(facts.align, 16)
    module.pointee.flags = facts.flags
    module.pointee.generation = 0
    module.pointee.pin = 0
    module.pointee.blocks = 0
    module.pointee.warned = 0
    name(module, facts.map)
    Policy.decide(module, map: facts.map, id: facts.module)
    map(module).pointee.store(facts.map, ordering: .releasing)
    withUnsafeMutablePointer(to: &state.pointee.modules_count) {
      _ = atomic($0).pointee.max(facts.module &+ 1, ordering: .acquiringAndReleasing)
    }
    changed()
    let isLate = state.pointee.stacks != 0
    if isLate, Policy.staysSilently(module) { Policy.warn(module) }
  }

  private static func name(_ module: GuestModule, _ map: UInt64) {
    withUnsafeMutableBytes(of: &module.pointee.name) { bytes in
      var text = Text(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), size: bytes.count)
      text.add(name: coexist_object_name(map)!)
    }
  }

  /// The module of the object that holds an address; nil = none, or without thread-local storage.
  @_noLocks @_noAllocation
  static func holding(_ address: UInt64) -> GuestModule? {
    let object = coexist_object_at(address)
    guard object.map != 0 else { return nil }
    for id in 1..<max(count, 1) {
      let module = coexist_state_tls_module(State.shared, id)!
      if map(module).pointee.load(ordering: .acquiring) == object.map { return module }
    }
    return nil
  }

  /// The object at this address switches stacks: what it remembers is about the OS thread.
  static func isHost(_ address: UInt64) {
    guard let module = holding(address), module.pointee.reason != COEXIST_TLS_REASON_ASKED.rawValue,
      module.pointee.policy == COEXIST_TLS_POLICY_CONTEXT.rawValue
    else { return }
    module.pointee.policy = COEXIST_TLS_POLICY_NATIVE.rawValue
    module.pointee.reason = COEXIST_TLS_REASON_HOST.rawValue
    changed()
  }

  // MARK: Staying loaded

  /// A block of the module comes to life: from the first to the last one, the module stays loaded.
  /// false = it is being unloaded; it must not be touched.
  static func hold(_ module: GuestModule, _ id: UInt64) -> Bool {
    let blocks = withUnsafeMutablePointer(to: &module.pointee.blocks) { atomic($0) }
    let pin = withUnsafeMutablePointer(to: &module.pointee.pin) { atomic($0) }
    _ = blocks.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if pin.pointee.load(ordering: .sequentiallyConsistent) > filling { return true }
    let isFirst = pin.pointee.compareExchange(
      expected: 0, desired: filling, ordering: .acquiringAndReleasing
    ).exchanged
    // Where another thread is about to pin or unpin it, one pin more is safe; to wait would not be,
    // because either of us may have the loader's lock.
    let handle = coexist_tls_pin(id, module.pointee.map)
    if isFirst {
      pin.pointee.store(UInt64(UInt(bitPattern: handle)), ordering: .releasing)
    }
    if handle != nil { return true }
    release(module)
    return false
  }

  @_noLocks @_noAllocation
  static func release(_ module: GuestModule) {
    withUnsafeMutablePointer(to: &module.pointee.blocks) {
      _ = atomic($0).pointee.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }
  }

  /// Before a dlclose: modules that no context uses any more may go as well.
  static func letGo() {
    for id in 1..<max(count, 1) {
      guard let module = known(id) else { continue }
      let blocks = withUnsafeMutablePointer(to: &module.pointee.blocks) { atomic($0) }
      let pin = withUnsafeMutablePointer(to: &module.pointee.pin) { atomic($0) }
      let held = pin.pointee.load(ordering: .acquiring)
      guard held > filling, blocks.pointee.load(ordering: .sequentiallyConsistent) == 0,
        pin.pointee.compareExchange(
          expected: held, desired: filling, ordering: .sequentiallyConsistent
        ).exchanged
      else { continue }
      // Whoever makes a block from here on sees that it must pin anew.
      let isFree = blocks.pointee.load(ordering: .sequentiallyConsistent) == 0
      pin.pointee.store(isFree ? 0 : held, ordering: .releasing)
      if isFree, let handle = UnsafeMutableRawPointer(bitPattern: UInt(held)) {
        coexist_tls_unpin(handle)
      }
    }
  }

  /// Contexts may remember that the state of what had this id is the thread's. They have no block
  /// of it: those hold it loaded.
  private static func forgetNative(_ id: UInt64) {
    Blocks.locked {
      Contexts.forEach { context in
        let blocks = context.pointee.blocks!
        guard id < blocks.pointee.count else { return }
        let slot = atomic(coexist_blocks_at(blocks, id)!)
        _ = slot.pointee.compareExchange(
          expected: UInt64(COEXIST_TLS_BLOCK_NATIVE), desired: UInt64(COEXIST_TLS_BLOCK_NONE),
          ordering: .acquiringAndReleasing)
      }
    }
  }

  /// After a dlclose: forgets what is gone; its id may be given to another object at once.
  static func sweep() {
    coexist_tls_undisturbed {
      for id in 1..<max(GuestModules.count, 1) {
        guard let module = GuestModules.known(id),
          coexist_object_at(module.pointee.low).map != module.pointee.map
        else { continue }
        GuestModules.map(module).pointee.store(0, ordering: .releasing)
        GuestModules.forgetNative(id)
        GuestModules.changed()
      }
    }
  }

  @_noLocks @_noAllocation @inline(__always)
  private static func map(_ module: GuestModule) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &module.pointee.map) { atomic($0) }
  }
}
