import Synchronization
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  @Suite struct ThreadPoolTests {
    typealias Record = UnsafeMutablePointer<coexist_thread>

    @Test func aRecordIsAnAlignedBlockWithItsStack() throws {
      CoreState.begin()
      let thread = try #require(ThreadPool.take())
      let address = UInt64(UInt(bitPattern: thread))
      #expect(address % UInt64(COEXIST_BLOCK_SIZE) == 0)
      #expect(thread.pointee.magic == COEXIST_THREAD_MAGIC)
      let stack = AlternateStack.ours(thread)
      let end = UInt64(UInt(bitPattern: stack.ss_sp)) + UInt64(stack.ss_size)
      #expect(end == address + UInt64(COEXIST_BLOCK_SIZE))
      ThreadPool.give(thread)
      #expect(thread.pointee.magic == 0, "a signal handler must not take it for a thread's")
    }

    /// One mapping serves several threads: each block is another, with its guard page closed.
    @Test func recordsSideBySideDoNotOverlap() {
      CoreState.begin()
      let taken = Mutex<Set<UInt>>([])
      CoreState.onThreads(4) { _ in
        for _ in 0..<20 {
          guard let thread = ThreadPool.take() else { continue }
          let block = UInt(bitPattern: thread)
          #expect(block % UInt(COEXIST_BLOCK_SIZE) == 0)
          let guardPage = UnsafeRawPointer(bitPattern: block + UInt(COEXIST_RECORD_SIZE))
          #expect(coexist_can_read(guardPage, 8) == 0)
          let top = UnsafeMutableRawPointer(bitPattern: block + UInt(COEXIST_BLOCK_SIZE) - 8)
          top?.storeBytes(of: 7, as: UInt64.self)
          #expect(thread.pointee.altstack_low == UInt64(block + UInt(COEXIST_RECORD_SIZE) + 4096))
          let isNew = taken.withLock { $0.insert(block).inserted }
          #expect(isNew)
        }
      }
      let blocks = taken.withLock { $0 }
      #expect(blocks.count == 80)
      for block in blocks {
        let thread = Record(bitPattern: block)!
        #expect(thread.pointee.magic == COEXIST_THREAD_MAGIC)
        ThreadPool.give(thread)
      }
    }

    /// A used record comes back as new.
    @Test func nothingOfTheLastThreadIsLeft() throws {
      CoreState.begin()
      let thread = try #require(ThreadPool.take())
      thread.pointee.depth = 3
      thread.pointee.last.count = 7
      thread.pointee.exit_rounds = 2
      for index in 0..<UInt32(COEXIST_ALTSTACKS_MAX) {
        coexist_thread_altstack(thread, index).pointee.used = 1
      }
      ThreadPool.give(thread)
      #expect(ThreadPool.take() == thread)
      #expect(thread.pointee.depth == 0)
      #expect(thread.pointee.last.count == 0)
      #expect(thread.pointee.exit_rounds == 0)
      #expect(thread.pointee.next_free == nil)
      for index in 0..<UInt32(COEXIST_ALTSTACKS_MAX) {
        #expect(coexist_thread_altstack(thread, index).pointee.used == 0)
      }
      ThreadPool.give(thread)
    }

    /// The owner's mark is in the record itself: another owner would overwrite it.
    @Test func noDoubleGiveUnderThreads() {
      CoreState.begin()
      let doubles = Atomic<Int>(0)
      CoreState.onThreads(4) { index in
        for step in 0..<20_000 {
          var mine: [Record] = []
          for _ in 0...(step % 3) {
            guard let thread = ThreadPool.take() else { continue }
            thread.pointee.tid = Int32(index * 1_000_000 + step)
            mine.append(thread)
          }
          for thread in mine {
            if thread.pointee.tid != Int32(index * 1_000_000 + step)
              || thread.pointee.magic != COEXIST_THREAD_MAGIC
            {
              doubles.wrappingAdd(1, ordering: .relaxed)
            }
            ThreadPool.give(thread)
          }
        }
      }
      #expect(doubles.load(ordering: .relaxed) == 0)
      var free: Set<UInt> = []
      while word(COEXIST_WORD_FREE_THREADS).pointee.load(ordering: .relaxed)
        >= UInt64(COEXIST_BLOCK_SIZE), let thread = ThreadPool.take()
      {
        #expect(free.insert(UInt(bitPattern: thread)).inserted)
      }
      #expect(free.count <= 12, "four threads had at most three each")
    }
  }

  @Suite struct ThreadsTests {
    /// From its own alternate stack a handler finds the thread, without thread-local storage.
    @Test func inAHandlerTheStackLeadsToTheRecord() throws {
      CoreState.begin()
      let mine = try #require(ThreadPool.take())
      let other = try #require(ThreadPool.take())
      coexist_thread_set_self(other)
      defer { coexist_thread_set_self(nil) }
      var context = ucontext_t()
      context.uc_stack = AlternateStack.ours(mine)
      #expect(Threads.inHandler(&context) == mine)
      context.uc_stack.ss_size -= 16
      #expect(Threads.inHandler(&context) == other, "a runtime's stack: then thread-local storage")
      context.uc_stack = stack_t()
      #expect(Threads.inHandler(&context) == other)
    }

    /// A thread made by a raw clone gets its record at its first signal.
    @Test func aThreadThatNobodySawBegin() {
      CoreState.begin()
      var context = ucontext_t()
      let thread = Threads.inHandler(&context)
      defer { coexist_thread_set_self(nil) }
      #expect(coexist_thread_self() == thread)
      #expect(thread.pointee.creator == Runtimes.app)
      #expect(thread.pointee.tid == coexist_gettid())
      #expect(Threads.inHandler(&context) == thread)
    }

    @Test func startAndExitKeepTheCount() throws {
      CoreState.begin()
      let thread = try #require(Threads.prepare(caller: Callers.app))
      #expect(thread.pointee.creator == Runtimes.app)
      coexist_core_thread_started(thread, 0x1000, 0x9000)
      #expect(coexist_thread_self() == thread)
      #expect(State.shared.pointee.threads == 1)
      Threads.exited(thread)
      #expect(coexist_thread_self() == nil)
      #expect(FakeKernel.shared.heldStack.ss_flags == 2, "SS_DISABLE: the block may be reused")
      #expect(State.shared.pointee.threads == 0)
    }
  }
}
