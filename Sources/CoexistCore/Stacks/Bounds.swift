import CCoexist

/// pthread_getattr_np(3): libc tells the stack that a thread began on. Runtimes take it for the one
/// that they stand on; on a fiber, or on the stack of a language that has its own, it is not.
enum Bounds {
  static func correct(_ sp: UInt64, _ low: inout UInt64, _ high: inout UInt64) {
    if sp >= low, sp < high { return }
    // In a handler the thread's own is meant, to tell an overflow of it.
    if let thread = Threads.current(), isAlternate(sp, of: thread) { return }
    var found = coexist_context_stack(sp)
    if found.high == 0 { found = coexist_mapping_at(sp) }
    guard found.high &- found.low >= smallest else { return }
    low = found.low
    high = found.high
  }

  /// Smaller ones pthread_attr_setstack(3) refuses (PTHREAD_STACK_MIN).
  private static let smallest: UInt64 = 16_384

  private static func isAlternate(
    _ sp: UInt64, of thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    if sp &- thread.pointee.altstack_low < UInt64(COEXIST_ALTSTACK_SIZE) { return true }
    for index in 0..<thread.pointee.altstacks_used {
      let slot = coexist_thread_altstack(thread, index)!
      let low = UInt64(UInt(bitPattern: slot.pointee.stack.ss_sp))
      if slot.pointee.used != 0, sp &- low < UInt64(slot.pointee.stack.ss_size) { return true }
    }
    return false
  }
}
