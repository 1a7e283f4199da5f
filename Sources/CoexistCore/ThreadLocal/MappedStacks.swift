import CCoexist
import Synchronization

/// Stacks that nobody announced: anonymous memory from mmap on which code is found running.
enum MappedStacks {
  private static let smallest: UInt64 = 8192
  private static let largest: UInt64 = 64 &<< 20
  private static let looked: UInt64 = 64  // newest mappings searched for a guard page's place

  /// Writable anonymous memory was mapped.
  static func mapped(_ low: UInt64, _ size: UInt64, caller: UInt64) {
    if Contexts.isActive { FiberStacks.gone(low, low &+ size) }
    guard size >= smallest, size <= largest else { return }
    note(low, low &+ size, caller)
    if !Contexts.isActive, mayBeHost(caller) { Contexts.activate() }
  }

  /// The program, or a library that nobody knows and that is no allocator, asks for memory itself:
  /// it may be about to switch stacks by code of its own, which nothing announces.
  private static func mayBeHost(_ caller: UInt64) -> Bool {
    let object = coexist_object_at(caller)
    return object.map != 0 && !isRuntime(caller)
      && Modules.runtime(of: object) != Runtimes.system
      && coexist_object_symbol(object.map, allocator) == 0
  }

  private static var allocator: UnsafePointer<CChar> {
    let name: StaticString = "malloc"
    return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// A runtime of the catalogue switches between its own stacks, on its own state.
  static func isRuntime(_ caller: UInt64) -> Bool {
    let owner = Ownership.owner(of: caller)
    return owner >= Runtimes.first
      && State.runtime(owner).pointee.catalogue != UInt16(COEXIST_CATALOGUE_NONE)
  }

  @_noLocks @_noAllocation
  private static func note(_ low: UInt64, _ high: UInt64, _ caller: UInt64) {
    let index = atomic(coexist_tls_mappings_count()).pointee.wrappingAdd(
      1, ordering: .acquiringAndReleasing
    ).oldValue
    let slot = coexist_tls_mapping(index)!
    slot.pointee.high = 0
    slot.pointee.low = low
    slot.pointee.caller = caller
    slot.pointee.high = high
  }

  /// A guard page inside a mapping: what lies above it is one stack, what lies below another.
  static func guarded(_ low: UInt64, _ size: UInt64) {
    let count = atomic(coexist_tls_mappings_count()).pointee.load(ordering: .acquiring)
    var back: UInt64 = 1
    while back <= min(count, looked) {
      let slot = coexist_tls_mapping(count &- back)!
      back &+= 1
      let high = low &+ size
      guard low >= slot.pointee.low, high < slot.pointee.high else { continue }
      if low &- slot.pointee.low >= smallest {
        note(slot.pointee.low, low, slot.pointee.caller)
      }
      slot.pointee.low = high
      // Ruby's fibers: nothing of theirs would ever become a context.
      if !isRuntime(slot.pointee.caller) { Contexts.activate() }
      return
    }
  }

  /// The stack that an unknown stack pointer is on becomes a context; nil = none that we can tell.
  static func adopt(_ sp: UInt64) -> ContextPointer? {
    let count = atomic(coexist_tls_mappings_count()).pointee.load(ordering: .acquiring)
    if isOwnAgain(sp, count) { return nil }
    var back: UInt64 = 1
    while back <= min(count, ring) {
      let slot = coexist_tls_mapping(count &- back)!.pointee
      if sp >= slot.low, sp < slot.high {
        if isRuntime(slot.caller) {
          let place = count &* ring &+ (count &- back) % ring
          atomic(coexist_tls_own()).pointee.store(place, ordering: .relaxed)
          return nil
        }
        GuestModules.isHost(slot.caller)
        return FiberStacks.adopt(slot.low, slot.high, caller: slot.caller)
      }
      back &+= 1
    }
    return nil
  }

  private static let ring = UInt64(COEXIST_TLS_MAPPINGS)

  /// A runtime that goes to and fro between the thread's stack and one of its own is not looked for
  /// among thousands of mappings each time. A newer mapping may lie in the same place.
  private static func isOwnAgain(_ sp: UInt64, _ count: UInt64) -> Bool {
    let last = atomic(coexist_tls_own()).pointee.load(ordering: .relaxed)
    guard last != 0, last / ring == count else { return false }
    let slot = coexist_tls_mapping(last % ring)!.pointee
    return sp >= slot.low && sp < slot.high
  }
}
