import CCoexist
import Synchronization

/// Gives a runtime a free real-time number in exchange for its own (`Numbers`), while it has the
/// own one in use.
enum Exchanges {
  /// A runtime waits for these without a handler, or has a handler for one. From outside a
  /// real-time number means something to the program itself, which keeps its own.
  @_noLocks @_noAllocation
  static func want(_ signals: UInt64, _ runtime: UInt32, waits: Bool) {
    var rest = signals & realTime
    if rest == 0 || !mayExchange(runtime) { return }
    while rest != 0 {
      let signal = Int32(truncatingIfNeeded: rest.trailingZeroBitCount &+ 1)
      rest &= rest &- 1
      let others = Waiters.of(signal) | (waits ? Requests.claimants(signal) : 0)
      if others & ~bit(runtime) == 0 || Numbers.exchange(signal, runtime) != signal { continue }
      alone { _ in make(signal, runtime, others & ~bit(runtime)) }
    }
  }

  /// SIGRTMIN 34 to SIGRTMAX 64, in glibc.
  private static let realTime: UInt64 = ~0 &<< 33

  @_noLocks @_noAllocation
  private static func mayExchange(_ runtime: UInt32) -> Bool {
    let config = coexist_the_config()!
    return config.pointee.mode == COEXIST_MODE_ENFORCE.rawValue && config.pointee.last_wins == 0
      && coexist_in_vfork() == 0 && runtime != Start.host && runtime != Runtimes.app
      && runtime != Runtimes.system && !Catalogue.has(runtime, COEXIST_SENDS_RAW)
  }

  /// One at a time; `work` may edit the mask. No signal comes meanwhile: nobody waits for itself.
  @_noLocks @_noAllocation
  private static func alone(_ work: (inout UInt64) -> Void) {
    var mask = SignalMask.blockAll(.max)
    while !word(COEXIST_WORD_EXCHANGES_LOCK).pointee.compareExchange(
      expected: 0, desired: 1, ordering: .acquiring
    ).exchanged {
      coexist_yield()
    }
    work(&mask)
    forked()
    SignalMask.restore(mask)
  }

  /// In the child of fork, whose only thread makes none.
  @_noLocks @_noAllocation
  static func forked() { word(COEXIST_WORD_EXCHANGES_LOCK).pointee.store(0, ordering: .releasing) }

  @_noLocks @_noAllocation
  private static func make(_ own: Int32, _ runtime: UInt32, _ others: UInt64) {
    // Another thread of the runtime was faster.
    if Numbers.exchange(own, runtime) != own { return }
    guard let real = free(), let index = place() else { return }
    let ordinal = newest &+ 1
    let exchange = Numbers.Exchange(
      entry: UInt64(ordinal) &<< 32 | UInt64(runtime) &<< 16 | UInt64(own) &<< 8 | UInt64(real))
    // Our entry is there before anybody sends under the new number.
    word(COEXIST_WORD_EXCHANGED).pointee.bitwiseOr(
      exchange.bits, ordering: .acquiringAndReleasing)
    Installer.converge(real)
    atomic(coexist_exchange_at(index)).pointee.store(exchange.entry, ordering: .releasing)
    // Whoever counts it finds it.
    word(COEXIST_WORD_EXCHANGES).pointee.store(UInt64(ordinal), ordering: .releasing)
    move(exchange)
    say(exchange, others)
  }

  /// A number that nobody uses or knows, from above: what is below is given away first, by libc
  /// and by runtimes that look for a free one.
  @_noLocks @_noAllocation
  private static func free() -> Int32? {
    var signal: Int32 = 62
    while signal > 40 {
      let isFree =
        Requests.claimants(signal) == 0 && Waiters.of(signal) == 0 && !Numbers.isExchanged(signal)
        && Requests.newestDefault(signal).handler == 0
        && Needs.privateTo(Runtimes.all, signal) == 0
      if isFree { return signal }
      signal &-= 1
    }
    return nil
  }

  @_noLocks @_noAllocation
  private static func place() -> UInt32? {
    for index in 0..<UInt32(COEXIST_EXCHANGES_MAX) where Numbers.exchange(at: index) == nil {
      return index
    }
    return nil
  }

  /// What the runtime has asked for already.
  @_noLocks @_noAllocation
  private static func move(_ exchange: Numbers.Exchange) {
    let (own, real, runtime) = (exchange.own, exchange.real, exchange.runtime)
    for signal in Int32(1)...64 {
      guard var action = Requests.action(signal, runtime) else { continue }
      let mask = Numbers.exchange(action.mask, runtime)
      if signal != own, mask == action.mask { continue }
      action.mask = mask
      let isPut = Requests.put(action, signal == own ? real : signal, runtime)
      if isPut, signal == own { Requests.withdraw(signal, runtime) }
      Installer.converge(signal)
    }
    Waiters.moved(exchange)
    Installer.converge(own)
  }

  /// Before this thread changes its mask, or waits: it may know only older exchanges.
  @_noLocks @_noAllocation @inline(__always)
  static func catchUp(_ thread: UnsafeMutablePointer<coexist_thread>) {
    if !Numbers.areAny || thread.pointee.exchanges == newest { return }
    alone { catchUp(thread, &$0) }
  }

  @_noLocks @_noAllocation
  private static func catchUp(
    _ thread: UnsafeMutablePointer<coexist_thread>, _ mask: inout UInt64
  ) {
    let known = thread.pointee.exchanges
    mask = learned(mask, hidden: thread.pointee.hidden, known)
    thread.pointee.asked_mask = learned(thread.pointee.asked_mask, hidden: 0, known)
    handlersLearn(on: thread)
    for index in 0..<UInt32(COEXIST_EXCHANGES_MAX) {
      guard let exchange = Numbers.exchange(at: index), exchange.ordinal > known else { continue }
      if mask & signalBit(exchange.real) != 0 { takeAlong(exchange) }
      // Who has blocked it did so for its own signals. The others' are not for it to keep out.
      let others = Requests.claimants(exchange.own) & ~bit(exchange.runtime)
      if thread.pointee.asked_by != exchange.runtime || others == 0 { continue }
      mask &= ~signalBit(exchange.own)
      thread.pointee.hidden &= ~signalBit(exchange.own)
      thread.pointee.asked_mask &= ~signalBit(exchange.own)
    }
  }

  /// The masks that this thread's handlers will put back. Enough for a signal that has just come:
  /// the mask that it found is one of them. Its exchange may be so new that it is not counted yet.
  @_noLocks @_noAllocation
  static func handlersLearn(
    on thread: UnsafeMutablePointer<coexist_thread>, of ordinal: UInt32 = 0
  ) {
    let (known, all) = (thread.pointee.exchanges, max(newest, ordinal))
    if known >= all { return }
    for index in 0..<thread.pointee.depth {
      let dispatch = coexist_thread_dispatch(thread, index)!
      let hidden = dispatch.pointee.hidden_before
      dispatch.pointee.mask = learned(dispatch.pointee.mask, hidden: hidden, known)
      dispatch.pointee.base = learned(dispatch.pointee.base, hidden: hidden, known)
    }
    thread.pointee.exchanges = all
  }

  /// What a mask keeps out under a runtime's own number it keeps out under the kernel's as well.
  @_noLocks @_noAllocation
  private static func learned(_ mask: UInt64, hidden: UInt64, _ known: UInt32) -> UInt64 {
    var mask = mask
    for index in 0..<UInt32(COEXIST_EXCHANGES_MAX) {
      guard let exchange = Numbers.exchange(at: index), exchange.ordinal > known else { continue }
      if (mask | hidden) & signalBit(exchange.own) != 0 { mask |= signalBit(exchange.real) }
    }
    return mask
  }

  private static var newest: UInt32 {
    @_noLocks @_noAllocation get {
      UInt32(truncatingIfNeeded: word(COEXIST_WORD_EXCHANGES).pointee.load(ordering: .acquiring))
    }
  }

  private static let timedWait = 128  // rt_sigtimedwait

  /// What waits for this thread under the old number: the runtime's own goes to the new one, all
  /// in order. More than there is room for stays, and is forwarded by whoever takes it.
  @_noLocks @_noAllocation
  private static func takeAlong(_ exchange: Numbers.Exchange) {
    var (set, none) = (signalBit(exchange.own), (0, 0))
    var count: UInt32 = 0
    while count < UInt32(COEXIST_ALONG_MAX) {
      let info = coexist_along_at(count)!
      let taken = coexist_syscall4(
        timedWait, Int(bitPattern: withUnsafeMutablePointer(to: &set) { $0 }),
        Int(bitPattern: info), Int(bitPattern: withUnsafeMutablePointer(to: &none) { $0 }), 8)
      if taken != Int(exchange.own) { break }
      count &+= 1
    }
    // What a library sends before it is known as a party counts as the program's.
    let users = Waiters.of(exchange.own) | Requests.claimants(exchange.own)
    let isProgramsToo = users & bit(Runtimes.app) != 0
    for index in 0..<count {
      let info = coexist_along_at(index)!
      let label = coexist_info_take_label(info)
      if !isProgramsToo, coexist_label_sender(label) == Runtimes.app &+ 1 {
        Numbers.send(exchange.real, info, label)
      } else if !Numbers.forward(exchange.own, info, label: label) {
        Numbers.send(exchange.own, info, label)
      }
    }
  }

  /// The runtime's library was closed.
  static func left(_ runtime: UInt32) {
    var rest: UInt64 = 0
    var gone: UInt64 = 0
    for index in 0..<UInt32(COEXIST_EXCHANGES_MAX) {
      guard let exchange = Numbers.exchange(at: index) else { continue }
      if exchange.runtime == runtime {
        gone |= exchange.bits
        atomic(coexist_exchange_at(index)).pointee.store(0, ordering: .releasing)
      } else {
        rest |= exchange.bits
      }
    }
    if gone == 0 { return }
    word(COEXIST_WORD_EXCHANGED).pointee.bitwiseAnd(
      ~gone | rest, ordering: .acquiringAndReleasing)
    for signal in Int32(34)...64 where gone & ~rest & signalBit(signal) != 0 {
      Installer.converge(signal)
    }
  }

  @_noLocks @_noAllocation
  private static func say(_ exchange: Numbers.Exchange, _ others: UInt64) {
    Warnings.add("W209", level: COEXIST_LOG_INFO) {
      $0.add("signal ")
      $0.add(decimal: Int64(exchange.own))
      $0.add(" of ")
      $0.add(name: Runtimes.runtimeName(exchange.runtime))
      $0.add(" is ")
      $0.add(decimal: Int64(exchange.real))
      $0.add(" in the kernel: ")
      $0.add(name: Runtimes.runtimeName(UInt32(others.trailingZeroBitCount)))
      $0.add(" uses the number, too, and it can't be told whose one is without a handler")
    }
  }
}
