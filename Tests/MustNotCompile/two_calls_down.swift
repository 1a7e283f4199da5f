// error: called function is not available in this module
// The proof follows calls: an unmarked function is looked into, not believed.
import CCoexist

@_noLocks @_noAllocation
public func outer() -> UInt64 { middle() + 1 }

func middle() -> UInt64 { inner() + 1 }

func inner() -> UInt64 {
  #if TWIN
    return coexist_clock_ns(1)
  #else
    return coexist_find_restorer()
  #endif
}
