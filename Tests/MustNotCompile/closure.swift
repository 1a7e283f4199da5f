// error: cannot use escaping closures
// A closure that escapes lives on the heap.
@_noLocks @_noAllocation
public func apply(_ body: (Int) -> Int) -> Int { body(1) }

#if TWIN
  @_noLocks @_noAllocation
  public func added(_ n: Int) -> Int { apply { $0 + n } }
#else
  @_noLocks @_noAllocation
  public func adder(_ n: Int) -> (Int) -> Int { { $0 + n } }
#endif
