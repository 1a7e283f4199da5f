// error: cannot use allocating type
// The core has no heap.
@_noLocks @_noAllocation
public func sum(_ n: Int) -> Int {
  #if TWIN
    let numbers = (n, n + 1)
    return numbers.0 + numbers.1
  #else
    let numbers = [n, n + 1]
    return numbers[0] + numbers[1]
  #endif
}
