// error: called function is not available in this module
// liburcu's registration takes a mutex.
import CCoexist
import CCoexist.RCU

@_noLocks @_noAllocation
public func enter() {
  #if TWIN
    coexist_rcu_enter()
  #else
    urcu_bp_register_thread()
  #endif
}
