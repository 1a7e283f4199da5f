// error: called function is not available in this module
// A C function that is not COEXIST_SIGSAFE.
import CCoexist

@_noLocks @_noAllocation
public func answer() -> UInt64 {
  #if TWIN
    return coexist_clock_ns(1)
  #else
    return coexist_find_restorer()
  #endif
}
