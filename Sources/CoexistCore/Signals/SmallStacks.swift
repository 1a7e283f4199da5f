import CCoexist
import Synchronization

/// A goroutine has a few hundred bytes left, and the kernel's frame alone takes three thousand: a
/// handler of another runtime that wants no alternate stack would write over the next goroutine's.
/// Go adds SA_ONSTACK to the handlers that it finds (golang/go src/runtime/signal_unix.go initsig);
/// it cannot to those that come later. We have the dispatcher take them, which enters on an
/// alternate stack and moves to the interrupted one only if that has room.
enum SmallStacks {
  private static let onStack: UInt64 = 0x0800_0000

  /// Would the only party's handler be entered on another runtime's small stack?
  @_noLocks @_noAllocation
  static func mayBeHit(by claimants: UInt64, _ signal: Int32) -> Bool {
    let small = word(COEXIST_WORD_SMALL_STACKS).pointee.load(ordering: .acquiring)
    guard small & ~claimants != 0, claimants != 0, claimants & (claimants &- 1) == 0,
      let action = Requests.action(
        signal, UInt32(truncatingIfNeeded: claimants.trailingZeroBitCount))
    else { return false }
    return action.handler > 1 && action.flags & onStack == 0
  }

  /// A runtime with small stacks may have come: before its code runs on one of them.
  @_noLocks @_noAllocation
  static func check() {
    let small = word(COEXIST_WORD_SMALL_STACKS).pointee.load(ordering: .acquiring)
    let planned = word(COEXIST_WORD_SMALL_STACKS_PLANNED)
    let config = coexist_the_config()!
    guard planned.pointee.load(ordering: .acquiring) != small,
      config.pointee.mode == COEXIST_MODE_ENFORCE.rawValue, config.pointee.last_wins == 0
    else { return }
    planned.pointee.store(small, ordering: .releasing)
    var claimed = Requests.claimedSignals
    while claimed != 0 {
      Installer.converge(Int32(truncatingIfNeeded: claimed.trailingZeroBitCount &+ 1))
      claimed &= claimed &- 1
    }
  }
}
