import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// Tests of the core's tables. There is one set of them in a process, so these run one at a time,
/// and each begins with empty ones.
@Suite(.serialized) struct CoreState {
  static func begin(inherited: [Int32: Action] = [:]) {
    memset(coexist_the_state(), 0, MemoryLayout<coexist_state>.size)
    memset(coexist_the_config(), 0, MemoryLayout<coexist_config>.size)
    memset(coexist_word(0), 0, 8 * Int(COEXIST_WORDS.rawValue))
    memset(coexist_version_of(0), 0, 8 * Int(COEXIST_SIGNALS_MAX))
    memset(coexist_module_at(0), 0, MemoryLayout<coexist_module>.stride * Int(COEXIST_MODULES_MAX))
    memset(
      coexist_inherited_at(0), 0, MemoryLayout<coexist_action>.stride * Int(COEXIST_SIGNALS_MAX))
    coexist_catalogue_configure()
    FakeKernel.install()
    coexist_the_config().pointee.mode = COEXIST_MODE_ENFORCE.rawValue
    coexist_thread_set_self(nil)
    Clock.start()
    Runtimes.start()
    word(COEXIST_WORD_LIBC_RESTORER).pointee.store(FakeKernel.restorer, ordering: .relaxed)
    for (signal, action) in inherited {
      FakeKernel.shared.hold(action, signal)
      coexist_inherited_at(UInt32(signal)).pointee = action.words
    }
  }

  /// Runs `body` on a thread that has a record; its stack is the caller's own.
  static func withThread<Result>(
    _ body: (UnsafeMutablePointer<coexist_thread>) throws -> Result
  ) throws -> Result {
    let thread = try #require(ThreadPool.take())
    let sp = coexist_current_sp()
    thread.pointee.stack_low = sp - 1 << 20
    thread.pointee.stack_high = sp + 1 << 20
    thread.pointee.creator = Runtimes.app
    coexist_thread_set_self(thread)
    AlternateStack.install(on: thread)
    defer {
      coexist_thread_set_self(nil)
      ThreadPool.give(thread)
    }
    return try body(thread)
  }

  /// Runs `body` on `count` threads at once and waits for all.
  static func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let done = DispatchGroup()
    for index in 0..<count {
      done.enter()
      Thread.detachNewThread {
        body(index)
        done.leave()
      }
    }
    done.wait()
  }
}
