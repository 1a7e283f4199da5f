import CCoexist

/// Who gets a signal that was sent: a pure function of who asked for it and where it comes from.
struct Recipients {
  /// Where a signal comes from, as far as siginfo and our own tags tell.
  enum Origin: Equatable {
    /// Runtimes of this process that sent it through libc, one bit each.
    case tagged(UInt64)
    /// This process, but past libc: an assembly sender.
    case raw
    /// The same, on a thread where these senders' tags were taken by the last delivery.
    case again(UInt64)
    /// These runtimes asked the kernel for it: a timer, a descriptor, a queue, a parent's death.
    case askedFor(UInt64)
    /// Another process, the terminal, the kernel.
    case outside
  }

  var claimants: UInt64
  /// Those of the senders that asked for SIG_IGN.
  var ignoring: UInt64
  /// Runtimes to which this number is private: stop the world, preempt.
  var privateTo: UInt64
  /// Of those, the ones that send past libc.
  var rawSenders: UInt64
  /// All that send past libc, whatever the number means to them.
  var pastLibc: UInt64
  /// The main program's runtime.
  var host: UInt64
  /// The one that was there first.
  var oldest: UInt64

  @_noLocks @_noAllocation
  init(
    claimants: UInt64, ignoring: UInt64 = 0, privateTo: UInt64, rawSenders: UInt64,
    pastLibc: UInt64, host: UInt64, oldest: UInt64
  ) {
    self.claimants = claimants
    self.ignoring = ignoring
    self.privateTo = privateTo
    self.rawSenders = rawSenders
    self.pastLibc = pastLibc
    self.host = host
    self.oldest = oldest
  }

  @_noLocks @_noAllocation
  func choose(_ signal: Int32, _ origin: Origin) -> UInt64 {
    if Recipients.isBroadcast(signal) { return claimants }
    switch origin {
    case .tagged(let senders) where senders & claimants != 0: return senders & claimants
    case .askedFor(let owners) where owners & claimants != 0: return owners & claimants
    // What a runtime sends to itself, and ignores, is no concern of the others.
    case .tagged(let senders) where senders != 0 && senders & ~ignoring == 0: return 0
    case .askedFor(let owners) where owners != 0 && owners & ~ignoring == 0: return 0
    case .raw where rawSenders & claimants != 0: return rawSenders & claimants
    case .raw where pastLibc & claimants != 0: return pastLibc & claimants
    case .again where rawSenders & claimants != 0: return rawSenders & claimants
    // Among signals that do not queue one handler's run serves all that were sent before it.
    case .again where signal < 32 && claimants & ~privateTo == 0: return 0
    case .again(let senders) where senders & claimants != 0: return senders & claimants
    case .again(let senders) where senders != 0 && senders & ~ignoring == 0: return 0
    default: return stranger(signal)
    }
  }

  /// From outside it means nothing to those that use the number among their own threads.
  @_noLocks @_noAllocation
  private func stranger(_ signal: Int32) -> UInt64 {
    let meant = claimants & ~privateTo
    if meant == 0 { return claimants }
    guard Recipients.endsTheProgram(signal) else { return meant }
    return meant & host != 0 ? meant & host : oldest & meant != 0 ? oldest & meant : meant
  }

  /// SIGCHLD, SIGCONT, SIGWINCH tell of something that happened to the whole process.
  @_noLocks @_noAllocation
  static func isBroadcast(_ signal: Int32) -> Bool {
    signal == 17 || signal == 18 || signal == 28
  }

  /// SIGHUP, SIGINT, SIGQUIT, SIGTERM: one policy, the host's, or several would fight over the
  /// exit.
  @_noLocks @_noAllocation
  static func endsTheProgram(_ signal: Int32) -> Bool {
    signal == 1 || signal == 2 || signal == 3 || signal == 15
  }
}
