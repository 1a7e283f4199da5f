import CCoexist
import Synchronization

/// Tags what runtimes of this process send, so that each signal finds its sender's handler.
/// Standard signals coalesce: the tags of all senders are kept until one delivery serves them all.
/// Real-time signals queue: each carries its own sender, where the call names one target.
enum Senders {
  /// Before a signal is sent: to a thread, which we may not know, or to the process.
  @_noLocks @_noAllocation
  static func tag(
    _ signal: Int32, _ thread: UnsafeMutablePointer<coexist_thread>?, toProcess: Bool = false,
    caller: UInt64
  ) {
    let runtime = Ownership.caller(caller)
    if let thread { World.sends(signal, runtime, to: thread) }
    guard isShared(signal) else { return }
    let sender = bit(runtime)
    let word =
      thread.map { coexist_thread_tag($0, UInt32(signal))! }
      ?? (toProcess ? coexist_process_tag(UInt32(signal))! : coexist_stray_tag(UInt32(signal))!)
    _ = atomic(word).pointee.bitwiseOr(sender, ordering: .releasing)
  }

  /// Instead of a tag, for one target. Where two runtimes are it is needed before the second has an
  /// action as well, because the signal may wait until then; a single one is to find its siginfo as
  /// the kernel alone would fill it.
  @_noLocks @_noAllocation
  static func label(_ signal: Int32, tid: Int32, caller: UInt64) -> UInt64 {
    guard signal > 31, isChained(signal), Runtimes.count > Runtimes.first &+ 1 else { return 0 }
    let runtime = Ownership.caller(caller)
    if tid != 0, let thread = ThreadPool.record(tid: tid) {
      World.sends(signal, runtime, to: thread)
    }
    let target = tid == 0 ? UInt64(COEXIST_LABEL_TO_PROCESS) : 0
    return UInt64(COEXIST_LABEL_MARK) &<< 32 | target | UInt64(runtime) &+ 1
  }

  /// With one party the kernel calls it whoever sent.
  @_noLocks @_noAllocation
  private static func isShared(_ signal: Int32) -> Bool {
    isChained(signal) && !isFault(signal)
      && State.installed(signal) == COEXIST_INSTALLED_DISPATCHER
  }

  /// The senders whose signals this delivery serves. What was sent to the thread (tgkill(2),
  /// SI_TKILL) says nothing of what was sent to the process.
  @_noLocks @_noAllocation
  static func take(
    _ signal: Int32, code: Int32, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64 {
    let number = UInt32(signal)
    var own = atomic(coexist_thread_tag(thread, number)).pointee.exchange(0, ordering: .acquiring)
    let stray = atomic(coexist_stray_tag(number))
    if own == 0, stray.pointee.load(ordering: .relaxed) != 0 {
      own = stray.pointee.exchange(0, ordering: .acquiring)
    }
    if own != 0 { coexist_thread_served(thread, number).pointee = own }
    if code == toThread { return own }
    let all = atomic(coexist_process_tag(number)).pointee.exchange(0, ordering: .acquiring)
    if all != 0 { atomic(coexist_process_served(number)).pointee.store(all, ordering: .relaxed) }
    return own | all
  }

  private static let toThread: Int32 = -6  // SI_TKILL

  /// A tag comes before its signal, so an earlier delivery may have served it already.
  @_noLocks @_noAllocation
  private static func served(
    _ signal: Int32, code: Int32, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UInt64 {
    let own = coexist_thread_served(thread, UInt32(signal)).pointee
    if code == toThread { return own }
    return own
      | atomic(coexist_process_served(UInt32(signal))).pointee.load(ordering: .relaxed)
  }

  /// `label`: what `coexist_info_take_label` found.
  @_noLocks @_noAllocation
  static func origin(
    _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>,
    _ thread: UnsafeMutablePointer<coexist_thread>, label: UInt32 = 0
  ) -> Recipients.Origin {
    if label != 0 { return .tagged(bit(coexist_label_sender(label) &- 1)) }
    let code = info.pointee.si_code
    let tags = take(signal, code: code, thread)
    if tags != 0 { return .tagged(tags) }
    if let owners = Causes.owners(signal, code, info) { return .askedFor(owners) }
    let isOurs =
      code <= 0 && UInt64(UInt32(bitPattern: coexist_info_sender(info))) == State.shared.pointee.pid
    guard isOurs else { return .outside }
    let served = served(signal, code: code, thread)
    return served != 0 ? .again(served) : .raw
  }
}
