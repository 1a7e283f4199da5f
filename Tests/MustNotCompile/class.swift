// error: cannot use allocating type
// An object is an allocation, and counting its references may lock.
#if TWIN
  struct Counter { var value = 0 }
#else
  final class Counter { var value = 0 }
#endif

@_noLocks @_noAllocation
public func counted() -> Int {
  let counter = Counter()
  return counter.value
}
