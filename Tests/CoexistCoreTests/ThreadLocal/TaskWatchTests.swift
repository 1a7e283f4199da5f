import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// Pools that wait for each other: one thread with a task sleeps, and this one waits for a task.
  @Suite struct TaskWatchTests {
    private static func steps(_ count: Int) -> Int32 {
      var lacks: Int32 = 0
      for _ in 0..<count {
        word(COEXIST_WORD_TASK_WATCH).pointee.store(0, ordering: .relaxed)
        lacks = TaskWatch.missing { _ in 0 }
        if lacks > 0 { break }
      }
      return lacks
    }

    /// Runs `body` while another thread, which counts as one of a pool's, sleeps in read(2).
    private static func withSleeper(_ body: () throws -> Void) throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      let (input, output) = (ends[0], ends[1])
      let record = try #require(ThreadPool.take())
      record.pointee.tasks = 1
      let started = DispatchSemaphore(value: 0)
      let ended = DispatchSemaphore(value: 0)
      nonisolated(unsafe) let sleeper = record
      Thread.detachNewThread {
        sleeper.pointee.tid = coexist_gettid()
        started.signal()
        var byte: UInt8 = 0
        _ = read(input, &byte, 1)
        ended.signal()
      }
      started.wait()
      var sp: UInt64 = 0
      var place: UInt64 = 0
      while place == 0 || place != coexist_asleep(record.pointee.tid, &sp) {
        place = coexist_asleep(record.pointee.tid, &sp)
      }
      defer {
        close(output)
        ended.wait()
        close(input)
        record.pointee.tid = 0
        ThreadPool.give(record)
      }
      try CoreState.withThread { me in
        me.pointee.tid = coexist_gettid()
        me.pointee.waits_for = Runtimes.app + 1
        word(COEXIST_WORD_TASK_WAITS).pointee.store(1, ordering: .relaxed)
        defer { me.pointee.tid = 0 }
        try body()
      }
    }

    private static func codes() -> [String] {
      CoreState.warnings().map { String($0.prefix(4)) }
    }

    @Test func aPoolWithATaskThatNobodyBeginsGetsAThread() throws {
      CoreState.begin()
      try Self.withSleeper {
        let handle = try #require(UnsafeMutableRawPointer(bitPattern: 8))
        let kept = Tasks.starts(handle, nil, isPinned: false)
        let queued = try #require(kept)
        #expect(Self.steps(8) == 1)
        #expect(Self.codes() == ["W401"])
        // Others' tests see the same table: tied to its thread, it is nobody else's to begin.
        queued.assumingMemoryBound(to: coexist_task.self).pointee.pinned = 1
      }
    }

    @Test func whereNoThreadWouldHelpItIsSaidOnce() throws {
      CoreState.begin()
      try Self.withSleeper {
        #expect(Self.steps(50) == 0)
        #expect(Self.codes() == [])
        #expect(Self.steps(100) == 0)
        #expect(Self.codes() == ["W402"])
        #expect(Self.steps(200) == 0)
        #expect(Self.codes() == ["W402"])
      }
    }
  }
}
