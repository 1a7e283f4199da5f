import CCoexist
import Synchronization

/// Children, and the runtimes that made them. The kernel knows one parent: wait(2) for any child
/// takes another runtime's exit status away, and SIGCHLD at SIG_IGN throws all of them away
/// (wait(2), "Linux notes"; sigaction(2), SA_NOCLDWAIT).
enum Children {
  private static let signal: Int32 = 17
  private static let noWait: UInt64 = 2  // SA_NOCLDWAIT
  /// A child is found in this many places of the table, or is not in it.
  private static let window: UInt32 = 16

  /// Whose child it is when the code that makes it belongs to no runtime and has no wish of its own
  /// (an extension module, for its language's): anybody's, as without us.
  static let anybodys = Runtimes.system

  /// The runtime that waits, or is waited for.
  @_noLocks @_noAllocation
  static func parent(_ caller: UInt64) -> UInt32 {
    let runtime = Ownership.caller(caller)
    let hasWish = Requests.action(signal, runtime) != nil
    return hasWish || !Ownership.isAnonymous(caller, runtime) ? runtime : anybodys
  }

  /// Before: from here on the kernel must keep what this runtime will ask for.
  @_noLocks @_noAllocation
  static func begin(caller: UInt64) {
    word(COEXIST_WORD_CHILDREN_COMING).pointee.wrappingAdd(1, ordering: .acquiringAndReleasing)
    let parent = parent(caller)
    if parent == anybodys { return }
    let own = bit(parent)
    let makers = word(COEXIST_WORD_CHILD_MAKERS).pointee.bitwiseOr(
      own, ordering: .acquiringAndReleasing)
    if makers.oldValue & own == 0, reapers(among: Runtimes.all & ~bit(anybodys)) != 0 {
      atomic(coexist_version_of(UInt32(signal))).pointee.wrappingAdd(1, ordering: .releasing)
      Installer.converge(signal)
    }
  }

  @_noLocks @_noAllocation
  static func made(_ pid: Int32, caller: UInt64) {
    if pid > 0 {
      add(pid, parent(caller))
      // It may have ended before it was in the table.
      reap()
    }
    word(COEXIST_WORD_CHILDREN_COMING).pointee.wrappingSubtract(
      1, ordering: .acquiringAndReleasing)
  }

  /// Some let the kernel reap their children, and others have children to wait for.
  @_noLocks @_noAllocation
  static func isDivided(_ number: Int32) -> Bool {
    guard number == signal else { return false }
    let makers = makers
    if makers == 0 { return false }
    let reapers = reapers(among: Runtimes.all & ~bit(anybodys))
    return reapers != 0 && makers & ~reapers != 0
  }

  /// The runtimes with children: known ones, and Go, which makes them by a system call of its own.
  static var makers: UInt64 {
    @_noLocks @_noAllocation get {
      word(COEXIST_WORD_CHILD_MAKERS).pointee.load(ordering: .acquiring)
        | Needs.sendersPastLibc(.max)
    }
  }

  /// Who is there may have changed with the libraries that have come.
  static func check() {
    if isDivided(signal) { Installer.converge(signal) }
  }

  /// Do the runtime's children leave no zombies? What it began with counts when it asked nothing.
  /// Anybody's leave none while anyone wants so: SIG_IGN holds for the whole process.
  @_noLocks @_noAllocation
  static func areReaped(_ runtime: UInt32) -> Bool {
    if runtime == anybodys { return reapers(among: Runtimes.all & ~bit(anybodys)) != 0 }
    let action = Requests.readBack(signal, runtime)
    return action.handler == 1 || action.flags & noWait != 0
  }

  @_noLocks @_noAllocation
  private static func reapers(among runtimes: UInt64) -> UInt64 {
    var reapers: UInt64 = 0
    var rest = runtimes
    while rest != 0 {
      let runtime = UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
      if areReaped(runtime) { reapers |= bit(runtime) }
    }
    return reapers
  }

  /// What the kernel would have reaped, had it been asked to.
  @_noLocks @_noAllocation
  static func reap() {
    guard State.installed(signal) == COEXIST_INSTALLED_DISPATCHER else { return }
    let reapers = reapers(among: Runtimes.all)
    if reapers == 0 { return }
    for index in 0..<UInt32(COEXIST_CHILDREN_MAX) {
      let child = entry(index).pointee.load(ordering: .acquiring)
      if child != 0, reapers & bit(runtime(child)) != 0,
        coexist_wait_id(1, pid(child), 0x4000_0005) != 0  // P_PID, WEXITED | WNOHANG | __WALL
      {
        _ = entry(index).pointee.compareExchange(
          expected: child, desired: 0, ordering: .acquiringAndReleasing)
      }
    }
  }

  /// A child of fork(2) has no children.
  static func forked() {
    word(COEXIST_WORD_CHILDREN_COMING).pointee.store(0, ordering: .relaxed)
    if word(COEXIST_WORD_CHILD_MAKERS).pointee.load(ordering: .relaxed) == 0 { return }
    for index in 0..<UInt32(COEXIST_CHILDREN_MAX)
    where entry(index).pointee.load(ordering: .relaxed) != 0 {
      entry(index).pointee.store(0, ordering: .relaxed)
    }
  }

  // ---- the table ----

  /// Whose child it is; nil when it was made past libc, or before us.
  @_noLocks @_noAllocation
  static func parent(of child: Int32) -> UInt32? {
    for step in 0..<window {
      let entry = entry(place(child, step)).pointee.load(ordering: .acquiring)
      if entry != 0, pid(entry) == child { return runtime(entry) }
    }
    return nil
  }

  /// No place left, which takes a thousand children: it is anybody's, as without us.
  @_noLocks @_noAllocation
  private static func add(_ child: Int32, _ runtime: UInt32) {
    gone(child)  // one of that number, which the kernel reaped
    let new = UInt64(UInt32(bitPattern: child)) &<< 32 | UInt64(runtime)
    for step in 0..<window {
      let entry = entry(place(child, step))
      var old = entry.pointee.load(ordering: .acquiring)
      let isStale = old != 0 && coexist_wait_id(1, pid(old), 0x4100_0005) < 0  // and WNOWAIT
      if old != 0, !isStale { continue }
      let result = entry.pointee.compareExchange(
        expected: old, desired: new, ordering: .acquiringAndReleasing)
      if result.exchanged { return }
      old = result.original
    }
  }

  @_noLocks @_noAllocation
  static func gone(_ child: Int32) {
    for step in 0..<window {
      let entry = entry(place(child, step))
      let old = entry.pointee.load(ordering: .acquiring)
      if old != 0, pid(old) == child {
        _ = entry.pointee.compareExchange(
          expected: old, desired: 0, ordering: .acquiringAndReleasing)
      }
    }
  }

  @_noLocks @_noAllocation @inline(__always)
  private static func place(_ child: Int32, _ step: UInt32) -> UInt32 {
    UInt32(bitPattern: child) &* 0x9E37_79B1 &>> 16 &+ step
  }

  @_noLocks @_noAllocation @inline(__always)
  static func entry(_ index: UInt32) -> UnsafeMutablePointer<Atomic<UInt64>> {
    atomic(coexist_child(index))
  }

  @_noLocks @_noAllocation @inline(__always)
  static func pid(_ entry: UInt64) -> Int32 { Int32(truncatingIfNeeded: entry &>> 32) }

  @_noLocks @_noAllocation @inline(__always)
  static func runtime(_ entry: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: entry) }
}
