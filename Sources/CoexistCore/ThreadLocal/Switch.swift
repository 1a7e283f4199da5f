import CCoexist
import Synchronization

/// The moment when a thread leaves one stack for another, where libc or Boost shows it.
enum Switch {
  /// Before the jump, on the old stack: nobody else can have resumed it yet.
  static func stacks(from: UInt64, to: UInt64) {
    let old = StackMap.find(from)
    let new = StackMap.find(to)
    guard old != new else { return }
    let me = Donors.suspend(for: new)
    park(old, me)
    let entered = take(new, me)
    if let entered { Entered.install(entered, me) } else { Copies.load(new, me) }
    Donors.resume(new, me)
  }

  /// A context that was entered on the old stack waits there: it may be resumed by another thread.
  private static func park(_ old: ContextPointer?, _ me: ThreadLocalSelf) {
    let entered = me.pointee.entered
    if let entered { Entered.remove(entered, me) }
    if let old { old.pointee.parked = entered } else { me.pointee.parked = entered }
  }

  private static func take(_ new: ContextPointer?, _ me: ThreadLocalSelf) -> ContextPointer? {
    if let new {
      let parked = new.pointee.parked
      new.pointee.parked = nil
      return adopted(parked, me)
    }
    let parked = me.pointee.parked
    me.pointee.parked = nil
    return adopted(parked, me)
  }

  /// Another thread than the one that entered it: from now on it is anybody's.
  private static func adopted(_ parked: ContextPointer?, _ me: ThreadLocalSelf) -> ContextPointer? {
    guard let parked, coexist_context_holder(parked) != me else { return parked }
    Entered.take(parked, me)
    return parked
  }
}
