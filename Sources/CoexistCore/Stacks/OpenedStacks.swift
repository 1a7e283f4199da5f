import CCoexist
import Synchronization

/// A library that wants executable stacks has been loaded (GHC's runtime does). libc then makes the
/// stacks of all threads readable, writable and executable from end to end, and with them the pages
/// that runtimes had closed there (glibc nptl/allocatestack.c __nptl_change_stack_perm): HotSpot's
/// next stack overflow runs through them. They are closed again.
enum OpenedStacks {
  private static let protect = 10  // mprotect
  private static let closed = 0
  private static let open = 3  // for reading and writing, as their thread has asked

  static func check() {
    let seen = word(COEXIST_WORD_STACK_OPENERS)
    let now = UInt64(coexist_objects_opening_stacks())
    if seen.pointee.exchange(now, ordering: .acquiringAndReleasing) == now { return }
    ThreadPool.forEach { thread in
      let (low, high) = Guard.pages(of: thread)
      if high <= low { return }
      _ = coexist_syscall4(protect, Int(low), Int(high &- low), closed, 0)
      // Its thread may have opened some meanwhile, as HotSpot does while it handles an overflow.
      let (_, stillHigh) = Guard.pages(of: thread)
      let from = max(low, min(stillHigh, high))
      if from < high { _ = coexist_syscall4(protect, Int(from), Int(high &- from), open, 0) }
    }
  }
}
