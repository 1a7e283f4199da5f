import CCoexist
import Synchronization

/// Two runtimes want one real-time number, and one of them takes it without a handler (sigwait(3),
/// signalfd(2)): what the kernel gives to the one there the other never sees. So one of them has a
/// free number in exchange (`Exchanges`), and does not learn of it: in its calls, masks, siginfo
/// and what it reads back the two numbers change places, one for the other.
enum Numbers {
  struct Exchange {
    let entry: UInt64
    /// Which of all there ever were, from 1.
    var ordinal: UInt32 { @_noLocks @_noAllocation get { UInt32(entry &>> 32) } }
    var runtime: UInt32 { @_noLocks @_noAllocation get { UInt32(entry &>> 16 & 0xFFFF) } }
    /// The number that the runtime says, and the one that the kernel knows.
    var own: Int32 { @_noLocks @_noAllocation get { Int32(entry &>> 8 & 0xFF) } }
    var real: Int32 { @_noLocks @_noAllocation get { Int32(entry & 0xFF) } }
    var bits: UInt64 { @_noLocks @_noAllocation get { signalBit(own) | signalBit(real) } }
  }

  static var areAny: Bool {
    @_noLocks @_noAllocation @inline(__always) get {
      word(COEXIST_WORD_EXCHANGED).pointee.load(ordering: .acquiring) != 0
    }
  }

  /// Is it one side of an exchange, anybody's?
  @_noLocks @_noAllocation @inline(__always)
  static func isExchanged(_ signal: Int32) -> Bool {
    word(COEXIST_WORD_EXCHANGED).pointee.load(ordering: .acquiring) & signalBit(signal) != 0
  }

  @_noLocks @_noAllocation
  static func exchange(at index: UInt32) -> Exchange? {
    let entry = atomic(coexist_exchange_at(index)).pointee.load(ordering: .acquiring)
    return entry == 0 ? nil : Exchange(entry: entry)
  }

  @_noLocks @_noAllocation
  static func first(where matches: (Exchange) -> Bool) -> Exchange? {
    for index in 0..<UInt32(COEXIST_EXCHANGES_MAX) {
      if let exchange = exchange(at: index), matches(exchange) { return exchange }
    }
    return nil
  }

  /// Of the number that a runtime says, the kernel's; and of the kernel's, the runtime's.
  @_noLocks @_noAllocation @inline(__always)
  static func exchange(_ signal: Int32, _ runtime: UInt32) -> Int32 {
    if !areAny || signal < 1 || signal > 64 || !isExchanged(signal) { return signal }
    let found = first { $0.runtime == runtime && $0.bits & signalBit(signal) != 0 }
    guard let found else { return signal }
    return found.own == signal ? found.real : found.own
  }

  /// The same of a set.
  @_noLocks @_noAllocation @inline(__always)
  static func exchange(_ signals: UInt64, _ runtime: UInt32) -> UInt64 {
    areAny ? exchanged(signals, runtime) : signals
  }

  @_noLocks @_noAllocation
  private static func exchanged(_ signals: UInt64, _ runtime: UInt32) -> UInt64 {
    var result = signals
    for index in 0..<UInt32(COEXIST_EXCHANGES_MAX) {
      guard let exchange = exchange(at: index), exchange.runtime == runtime else { continue }
      let both = signals & exchange.bits
      if both != 0, both != exchange.bits { result ^= exchange.bits }
    }
    return result
  }

  /// Whose number in the kernel it is.
  @_noLocks @_noAllocation
  static func holder(of real: Int32) -> Exchange? {
    isExchanged(real) ? first { $0.real == real } : nil
  }

  /// A signal has come under its old number although its sender has another by now: it waited, or a
  /// timer was made before. Sends it again, under the one where its sender looks for it.
  @_noLocks @_noAllocation
  static func forward(
    _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>, label: UInt32
  ) -> Bool {
    guard isExchanged(signal) else { return false }
    let sender =
      label != 0
      ? bit(coexist_label_sender(label) &- 1) : Causes.owners(signal, info.pointee.si_code, info)
    guard let sender, let exchange = first(where: { $0.own == signal && sender == bit($0.runtime) })
    else { return false }
    send(exchange.real, info, label)
    return true
  }

  /// Before the chain is asked for what was sent: does it wait for another thread? Also ends what
  /// has no handler, as the kernel would, whom our entry stands in for.
  @_noLocks @_noAllocation
  static func strays(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    let signal = dispatch.pointee.signal
    guard isExchanged(signal) else { return false }
    let label = dispatch.pointee.sender
    let hasHandler = Requests.claimants(signal) != 0
    if let exchange = holder(of: signal) {
      Exchanges.handlersLearn(on: thread, of: exchange.ordinal)
    } else if forward(signal, &dispatch.pointee.info, label: label) {
      return true
    } else if !hasHandler, isForWaiters(dispatch, thread) {
      dispatch.pointee.mask |= signalBit(signal)
      dispatch.pointee.base |= signalBit(signal)
    }
    if dispatch.pointee.base & signalBit(signal) == 0 {
      if !hasHandler { dispatch.pointee.ends = 1 }
      return false
    }
    send(signal, &dispatch.pointee.info, label)
    return true
  }

  /// Sent to the process, where somebody waits for it. It is open on this thread because the thread
  /// is of a runtime that has another number by now: alone each would have blocked it.
  @_noLocks @_noAllocation
  private static func isForWaiters(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    let (signal, asker) = (dispatch.pointee.signal, thread.pointee.asked_by)
    return Waiters.of(signal) != 0 && dispatch.pointee.in_wait == 0
      && isToProcess(&dispatch.pointee.info, dispatch.pointee.sender)
      && first { $0.own == signal && $0.runtime == asker } != nil
  }

  @_noLocks @_noAllocation
  private static func isToProcess(
    _ info: UnsafeMutablePointer<siginfo_t>, _ label: UInt32
  ) -> Bool {
    label != 0 ? label & COEXIST_LABEL_TO_PROCESS != 0 : info.pointee.si_code != toThread
  }

  private static let kill = 62
  private static let queueToProcess = 129  // rt_sigqueueinfo
  private static let queueToThread = 297  // rt_tgsigqueueinfo
  private static let toThread: Int32 = -6  // SI_TKILL

  /// Sends a signal again to where it was sent, with the siginfo that it had. What the kernel lets
  /// nobody pretend (kill(2)) is sent anew.
  @_noLocks @_noAllocation
  static func send(_ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>, _ label: UInt32) {
    let process = Int(coexist_getpid())
    if label != 0 {
      coexist_info_set_label(info, UInt64(COEXIST_LABEL_MARK) &<< 32 | UInt64(label))
    }
    if isToProcess(info, label) {
      let result = coexist_syscall4(
        queueToProcess, process, Int(signal), Int(bitPattern: info), 0)
      if result == 0 || coexist_syscall4(kill, process, Int(signal), 0, 0) == 0 { return }
    }
    _ = coexist_syscall4(
      queueToThread, process, Int(coexist_gettid()), Int(signal), Int(bitPattern: info))
  }
}
