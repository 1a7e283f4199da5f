import CCoexist
import Synchronization

/// One action record, which readers may copy while it is given to another request: a seqlock.
/// Word 6 holds sequence, signal and runtime; 0 = being written. Pairs: store() and load().
enum Record {
  private static let words = 6
  private static let identity = 6

  @_noLocks @_noAllocation @inline(__always)
  private static func word(
    _ record: UnsafeMutablePointer<coexist_action>, _ index: Int
  ) -> UnsafeMutablePointer<Atomic<UInt64>> {
    atomic(UnsafeMutableRawPointer(record).assumingMemoryBound(to: UInt64.self) + index)
  }

  /// nil = it was being written.
  @_noLocks @_noAllocation @inline(__always)
  static func load(_ record: UnsafeMutablePointer<coexist_action>) -> coexist_action? {
    let before = word(record, identity).pointee.load(ordering: .acquiring)
    var copy = coexist_action()
    withUnsafeMutablePointer(to: &copy) { copy in
      let target = UnsafeMutableRawPointer(copy).assumingMemoryBound(to: UInt64.self)
      for index in 0..<words {
        target[index] = word(record, index).pointee.load(ordering: .acquiring)
      }
      target[identity] = before
    }
    let after = word(record, identity).pointee.load(ordering: .relaxed)
    return before == after && before != 0 ? copy : nil
  }

  @_noLocks @_noAllocation
  static func store(_ new: coexist_action, in record: UnsafeMutablePointer<coexist_action>) {
    var copy = new
    word(record, identity).pointee.store(0, ordering: .relaxed)
    withUnsafeMutablePointer(to: &copy) { copy in
      let source = UnsafeMutableRawPointer(copy).assumingMemoryBound(to: UInt64.self)
      for index in 0...identity {
        word(record, index).pointee.store(source[index], ordering: .releasing)
      }
    }
  }

  #if COEXIST_POISON
    /// Nobody may take a request from a record that was given back (tools/torture).
    @_noLocks @_noAllocation
    static func poison(_ record: UnsafeMutablePointer<coexist_action>) {
      word(record, identity).pointee.store(0, ordering: .relaxed)
      for index in 0..<words {
        word(record, index).pointee.store(0xDEAD_DEAD_DEAD_DEAD, ordering: .releasing)
      }
    }
  #endif
}
