import CCoexist

// What collectors call, one line each.

@c(coexist_core_libgc_push) @implementation
public func coexist_core_libgc_push(_ index: UInt32) { Libgc.push(index) }

@c(coexist_core_libgc_event) @implementation
public func coexist_core_libgc_event(_ index: UInt32, _ event: Int32) {
  Libgc.event(index, event)
}

@c(coexist_core_libgc_thread) @implementation
public func coexist_core_libgc_thread(
  _ index: UInt32, _ event: Int32, _ id: UnsafeMutableRawPointer!
) { Libgc.thread(index, event, id) }

@c(coexist_core_libgc_foreign) @implementation
public func coexist_core_libgc_foreign(_ id: pthread_t, _ collector: UInt64) -> Int32 {
  Libgc.isForeign(id, to: collector) ? 1 : 0
}
