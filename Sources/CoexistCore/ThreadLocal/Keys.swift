import CCoexist
import Synchronization

/// `pthread_key_*` of guests: the value belongs to the context.
enum Keys {
  private static let ofThread: UInt32 = 1
  private static let ofEntered: UInt32 = 2
  private static let ofContext: UInt32 = 3
  private static let rounds = 4  // PTHREAD_DESTRUCTOR_ITERATIONS

  static func made(
    _ key: UInt32, _ destructor: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?,
    place: UInt64, caller: UInt64
  ) {
    guard key < UInt32(COEXIST_TLS_KEYS_MAX) else { return }
    let entry = coexist_tls_key(key)!
    entry.pointee.destructor = destructor
    entry.pointee.made_by = (place, unsafeBitCast(destructor, to: UInt64.self), caller)
    entry.pointee.of_guest = 0
    entry.pointee.used = 1
    _ = word(COEXIST_WORD_KEYS_END).pointee.max(UInt64(key) &+ 1, ordering: .releasing)
  }

  /// Has this thread a value, in libc, that a destructor waits for? Keys that were made before us
  /// are those of our own dependencies.
  static var areHeld: Bool {
    let end = UInt32(
      truncatingIfNeeded: word(COEXIST_WORD_KEYS_END).pointee.load(ordering: .acquiring))
    for key in 0..<end {
      let entry = coexist_tls_key(key)!
      guard entry.pointee.used != 0, entry.pointee.destructor != nil else { continue }
      if coexist_real_getspecific(key) != nil { return true }
    }
    return false
  }

  static func deleted(_ key: UInt32) {
    guard key < UInt32(COEXIST_TLS_KEYS_MAX) else { return }
    coexist_tls_key(key).pointee.used = 0
    guard Contexts.isActive else { return }
    Contexts.forEach { context in
      if let slot = slot(key, in: context, making: false) { slot.pointee = 0 }
    }
  }

  /// Where the value is; nil = it is the thread's own, in libc.
  static func place(
    _ key: UInt32, sp: UInt64, making: Bool
  ) -> (UInt64, UnsafeMutablePointer<UInt64>?)? {
    let me = coexist_tls_me()!
    guard key < UInt32(COEXIST_TLS_KEYS_MAX), me.pointee.depth == 0,
      let context = me.pointee.entered ?? Identity.context(sp, me), belongs(key, to: context)
    else { return nil }
    let slot = slot(key, in: context, making: making)
    return (slot?.pointee ?? 0, slot)
  }

  private static func belongs(_ key: UInt32, to context: ContextPointer) -> Bool {
    let entry = coexist_tls_key(key)!
    guard entry.pointee.used != 0 else { return false }
    if entry.pointee.of_guest == 0 { entry.pointee.of_guest = whose(entry.pointee.made_by) }
    return entry.pointee.of_guest == ofContext
      || (entry.pointee.of_guest == ofEntered
        && context.pointee.kind == COEXIST_CONTEXT_EXPLICIT.rawValue)
  }

  /// The key's place, its destructor or the caller: any of them (a tail call hides the caller).
  private static func whose(_ addresses: (UInt64, UInt64, UInt64)) -> UInt32 {
    let kinds = (kind(addresses.0), kind(addresses.1), kind(addresses.2))
    return max(kinds.0, max(kinds.1, kinds.2))
  }

  private static func kind(_ address: UInt64) -> UInt32 {
    guard address != 0, let module = GuestModules.holding(address) else { return ofThread }
    if module.pointee.policy == COEXIST_TLS_POLICY_CONTEXT.rawValue { return ofContext }
    if module.pointee.policy == COEXIST_TLS_POLICY_ENTERED.rawValue { return ofEntered }
    return ofThread
  }

  /// A context's values: their number, then one word a key.
  private static func slot(
    _ key: UInt32, in context: ContextPointer, making: Bool
  ) -> UnsafeMutablePointer<UInt64>? {
    let values = context.pointee.keys
    if let values, UInt64(key) < values[0] { return values + 1 + Int(key) }
    guard making else { return nil }
    let count = (UInt64(key) &+ 2 &+ 7) & ~7 &- 1
    guard let memory = Pool.take(8 &+ 8 &* count) else { return nil }
    let fresh = memory.assumingMemoryBound(to: UInt64.self)
    fresh[0] = count
    if let values {
      for index in 0..<Int(values[0]) { fresh[index + 1] = values[index + 1] }
      Pool.give(values, 8 &+ 8 &* values[0])
    }
    context.pointee.keys = fresh
    return fresh + 1 + Int(key)
  }

  /// At the context's end: destructors, again while they leave values, at most four times.
  static func finish(_ context: ContextPointer) {
    for _ in 0..<rounds where runRound(context) == false { break }
    guard let values = context.pointee.keys else { return }
    context.pointee.keys = nil
    Pool.give(values, 8 &+ 8 &* values[0])
  }

  private static func runRound(_ context: ContextPointer) -> Bool {
    var ran = false
    var key: UInt32 = 0
    while let values = context.pointee.keys, UInt64(key) < values[0] {
      let value = values[1 + Int(key)]
      if value != 0 {
        values[1 + Int(key)] = 0
        let entry = coexist_tls_key(key)!
        if entry.pointee.used != 0, let destructor = entry.pointee.destructor {
          destructor(UnsafeMutableRawPointer(bitPattern: UInt(value)))
          ran = true
        }
      }
      key &+= 1
    }
    return ran
  }
}
