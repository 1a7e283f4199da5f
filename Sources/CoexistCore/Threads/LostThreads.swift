import CCoexist
import Synchronization

/// The child of fork has one thread. A runtime that hands work to threads of its own would wait for
/// ever there: those that say how are given new ones.
enum LostThreads {
  static func restart() {
    for runtime in Runtimes.first..<max(Runtimes.count, Runtimes.first) {
      guard State.runtime(runtime).pointee.present == 1,
        let entry = Catalogue.entry(of: runtime), let name = entry.pointee.restart,
        count(of: runtime) > steady(entry, runtime)
      else { continue }
      call(name, of: runtime)
    }
    for runtime in Runtimes.first..<max(Runtimes.count, Runtimes.first) {
      word(COEXIST_WORD_FORKED_RUNTIMES).pointee.bitwiseOr(bit(runtime), ordering: .relaxed)
    }
    ThreadPool.forEachRecord { thread in
      if isLost(thread) { ThreadPool.give(thread) }
    }
  }

  /// A process that was itself forked has not had these since.
  private static func steady(
    _ entry: UnsafePointer<coexist_catalogue_entry>, _ runtime: UInt32
  ) -> UInt32 {
    let forked = word(COEXIST_WORD_FORKED_RUNTIMES).pointee.load(ordering: .relaxed)
    return forked & bit(runtime) != 0 ? 0 : entry.pointee.steady_threads
  }

  private static func count(of runtime: UInt32) -> UInt32 {
    var count: UInt32 = 0
    ThreadPool.forEachRecord { thread in
      if isLost(thread), thread.pointee.creator == runtime { count &+= 1 }
    }
    return count
  }

  private static func isLost(_ thread: UnsafeMutablePointer<coexist_thread>) -> Bool {
    thread.pointee.magic == COEXIST_THREAD_MAGIC && thread != Threads.current()
  }

  private static func call(_ name: UnsafePointer<CChar>, of runtime: UInt32) {
    let object = coexist_object_at(State.runtime(runtime).pointee.base)
    guard object.map != 0 else { return }
    let address = coexist_object_symbol(object.map, name)
    guard address != 0 else { return }
    unsafeBitCast(UInt(address), to: (@convention(c) () -> Void).self)()
  }
}
