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

@c(coexist_core_ruby_marks) @implementation
public func coexist_core_ruby_marks() { Ruby.marks() }

@c(coexist_core_ocaml_scans) @implementation
public func coexist_core_ocaml_scans() { Ocaml.scans() }

@c(coexist_core_ocaml_enters) @implementation
public func coexist_core_ocaml_enters() { Ocaml.enters() }

@c(coexist_core_fork_prepared) @implementation
public func coexist_core_fork_prepared() { Ocaml.hookAgain() }

@_noLocks @_noAllocation
@c(coexist_core_late) @implementation
public func coexist_core_late() { Stragglers.look() }

@_noLocks @_noAllocation
@c(coexist_core_pin) @implementation
public func coexist_core_pin(_ object: UInt64) -> UInt64 { Pins.add(object) }

@_noLocks @_noAllocation
@c(coexist_core_unpin) @implementation
public func coexist_core_unpin(_ place: UInt64, _ object: UInt64) -> Int32 {
  Pins.remove(place, object)
}

@_noLocks @_noAllocation
@c(coexist_core_pinned) @implementation
public func coexist_core_pinned(_ place: UInt64, _ object: UInt64) -> UInt64 {
  Pins.now(place, object)
}

@_noLocks @_noAllocation
@c(coexist_core_region_add) @implementation
public func coexist_core_region_add(_ low: UInt64, _ size: UInt64) -> Int32 {
  Pins.addRegion(low, size)
}

@_noLocks @_noAllocation
@c(coexist_core_region_remove) @implementation
public func coexist_core_region_remove(_ low: UInt64) -> Int32 { Pins.removeRegion(low) }

@c(coexist_core_roots_each) @implementation
public func coexist_core_roots_each(_ which: UInt32, _ push: coexist_push!) {
  Roots.each(which, push)
}

@c(coexist_core_stack_bounds) @implementation
public func coexist_core_stack_bounds(
  _ sp: UInt64, _ low: UnsafeMutablePointer<UInt64>!, _ high: UnsafeMutablePointer<UInt64>!
) {
  if let own = Entered.stackBounds(), sp >= own.0, sp < own.1 {
    low.pointee = own.0
    high.pointee = own.1
  } else {
    Bounds.correct(sp, &low.pointee, &high.pointee)
  }
}
