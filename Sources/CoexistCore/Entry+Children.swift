import CCoexist

@_noLocks @_noAllocation
@c(coexist_core_child_begins) @implementation
public func coexist_core_child_begins(_ caller: UInt64) { Children.begin(caller: caller) }

@_noLocks @_noAllocation
@c(coexist_core_child_made) @implementation
public func coexist_core_child_made(_ pid: Int32, _ caller: UInt64) {
  Children.made(pid, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_child_wait) @implementation
public func coexist_core_child_wait(_ pid: Int32, _ caller: UInt64) -> coexist_child_wait {
  ChildWaits.begin(pid, caller: caller)
}

@_noLocks @_noAllocation
@c(coexist_core_child_next) @implementation
public func coexist_core_child_next(
  _ wait: UnsafePointer<coexist_child_wait>!, _ options: Int32
) -> Int32 { ChildWaits.next(wait.pointee, options) }

@_noLocks @_noAllocation
@c(coexist_core_child_gone) @implementation
public func coexist_core_child_gone(_ pid: Int32) { Children.gone(pid) }
