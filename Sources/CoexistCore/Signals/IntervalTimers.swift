import CCoexist
import Synchronization

/// setitimer(2), alarm(2): a process has one timer of each kind, and whoever stops it stops it for
/// all. The first runtime has the kernel's; who finds it taken gets a POSIX timer on the same
/// clock, which sends the same signal. Source: Linux kernel/time/itimer.c, posix-cpu-timers.c.
enum IntervalTimers {
  private static let profile: UInt32 = 2

  /// Which timer serves the call. `arms`: setitimer with a time, without one; nil = getitimer.
  @_noLocks @_noAllocation
  static func place(_ which: UInt32, arms: Bool?, caller: UInt64) -> Int32 {
    let runtime = Ownership.caller(caller)
    let own = id(which, runtime)
    if own >= 0 { return own }
    let holder = self.holder(which).pointee.load(ordering: .acquiring)
    guard let arms else {
      let mayLook = holder == 0 || holder == UInt64(runtime) &+ 1
      return mayLook ? Int32(COEXIST_TIMER_REAL) : Int32(COEXIST_TIMER_NONE)
    }
    if mayHold(which, runtime, holder) {
      self.holder(which).pointee.store(arms ? UInt64(runtime) &+ 1 : 0, ordering: .releasing)
      return Int32(COEXIST_TIMER_REAL)
    }
    return arms ? make(which, runtime) : Int32(COEXIST_TIMER_NONE)
  }

  /// Go sets the profiling timer past libc, so with Go in the process it is left to Go.
  @_noLocks @_noAllocation
  private static func mayHold(_ which: UInt32, _ runtime: UInt32, _ holder: UInt64) -> Bool {
    if which == profile, Needs.sendersPastLibc(.max) != 0 { return false }
    return holder == 0 || holder == UInt64(runtime) &+ 1 || coexist_timer_runs(which) == 0
  }

  @_noLocks @_noAllocation
  private static func make(_ which: UInt32, _ runtime: UInt32) -> Int32 {
    let new = coexist_timer_make(which)
    // Without one (RLIMIT_SIGPENDING) they share, as they would without us.
    if new < 0 { return Int32(COEXIST_TIMER_REAL) }
    Causes.asked(COEXIST_CAUSE_TIMER, new, by: runtime)
    let result = atomic(coexist_interval_id(which, runtime)).pointee.compareExchange(
      expected: 0, desired: UInt64(UInt32(bitPattern: new)) &+ 1, ordering: .acquiringAndReleasing)
    if result.exchanged { return new }
    coexist_timer_delete(new)
    return id(which, runtime)
  }

  @_noLocks @_noAllocation
  private static func id(_ which: UInt32, _ runtime: UInt32) -> Int32 {
    let entry = atomic(coexist_interval_id(which, runtime)).pointee.load(ordering: .acquiring)
    return Int32(truncatingIfNeeded: Int64(bitPattern: entry) &- 1)
  }

  @_noLocks @_noAllocation @inline(__always)
  private static func holder(_ which: UInt32) -> UnsafeMutablePointer<Atomic<UInt64>> {
    atomic(coexist_interval_holder(which))
  }

  /// Is the POSIX timer one of these?
  @_noLocks @_noAllocation
  static func isInstead(_ timer: Int32, of runtime: UInt32) -> Bool {
    for which in 0..<UInt32(COEXIST_INTERVAL_TIMERS) where id(which, runtime) == timer {
      return true
    }
    return false
  }

  /// Whose the kernel's timer is that sends the signal: SIGALRM, SIGVTALRM, SIGPROF.
  @_noLocks @_noAllocation
  static func owners(_ signal: Int32) -> UInt64 {
    guard signal == 14 || signal == 26 || signal == 27 else { return 0 }
    let which: UInt32 = signal == 14 ? 0 : signal == 26 ? 1 : profile
    let holder = self.holder(which).pointee.load(ordering: .acquiring)
    if holder != 0 { return bit(UInt32(holder &- 1)) }
    let claimants = Requests.claimants(signal)
    let past = Needs.sendersPastLibc(claimants)
    return past != 0 ? past : claimants
  }

  /// After dlopen: if Go has come, whoever held the profiling timer goes on with one of its own.
  static func giveWay() {
    let holder = self.holder(profile).pointee.load(ordering: .acquiring)
    guard holder != 0, Needs.sendersPastLibc(.max) != 0 else { return }
    let runtime = UInt32(holder &- 1)
    let timer = make(profile, runtime)
    guard timer >= 0 else { return }
    coexist_timer_move(profile, timer)
    self.holder(profile).pointee.store(0, ordering: .releasing)
  }

  /// The child of fork begins without timers: fork(2).
  static func forked() {
    for which in 0..<UInt32(COEXIST_INTERVAL_TIMERS) {
      holder(which).pointee.store(0, ordering: .relaxed)
      for runtime in 0..<UInt32(COEXIST_RUNTIMES_MAX) {
        coexist_interval_id(which, runtime).pointee = 0
      }
    }
  }
}
