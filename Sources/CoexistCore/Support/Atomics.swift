import CCoexist
import Synchronization

// Storage is C's (style: no Swift globals); these give one word of it atomic access. Each use names
// its ordering.

@_noLocks @_noAllocation @inline(__always)
func atomic(_ word: UnsafeMutablePointer<UInt64>) -> UnsafeMutablePointer<Atomic<UInt64>> {
  UnsafeMutableRawPointer(word).assumingMemoryBound(to: Atomic<UInt64>.self)
}

@_noLocks @_noAllocation @inline(__always)
func atomic(_ word: UnsafeMutablePointer<UInt32>) -> UnsafeMutablePointer<Atomic<UInt32>> {
  UnsafeMutableRawPointer(word).assumingMemoryBound(to: Atomic<UInt32>.self)
}

@_noLocks @_noAllocation @inline(__always)
func atomic(_ word: UnsafeMutablePointer<UInt16>) -> UnsafeMutablePointer<Atomic<UInt16>> {
  UnsafeMutableRawPointer(word).assumingMemoryBound(to: Atomic<UInt16>.self)
}

/// A process-wide word by name (`tables.h`).
@_noLocks @_noAllocation @inline(__always)
func word(_ which: coexist_word) -> UnsafeMutablePointer<Atomic<UInt64>> {
  atomic(coexist_word(which.rawValue))
}

/// Adds one; for counters that only people read.
@_noLocks @_noAllocation @inline(__always)
func count(_ counter: UnsafeMutablePointer<UInt64>) {
  atomic(counter).pointee.wrappingAdd(1, ordering: .relaxed)
}

@_noLocks @_noAllocation @inline(__always)
func bit(_ runtime: UInt32) -> UInt64 { 1 &<< UInt64(runtime) }
