import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// Which sender a delivery is put down to.
@Suite struct SendersTests {
  private func origin(
    _ thread: UnsafeMutablePointer<coexist_thread>, sender: UInt64
  ) -> Recipients.Origin {
    let info = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 16)
    defer { info.deallocate() }
    info.initializeMemory(as: UInt8.self, repeating: 0, count: 128)
    let fields = info.assumingMemoryBound(to: Int32.self)
    fields[0] = 30
    fields[2] = -6  // SI_TKILL
    fields[4] = Int32(truncatingIfNeeded: sender)
    return Senders.origin(30, info.assumingMemoryBound(to: siginfo_t.self), thread)
  }

  /// A delivery may come between a tag and its signal, and serves it: what then comes without a tag
  /// is put down to the senders of the last tags, however often.
  @Test func aSignalWhoseTagWasTakenIsTheSameSenders() {
    let thread = UnsafeMutablePointer<coexist_thread>.allocate(capacity: 1)
    thread.initialize(to: coexist_thread())
    defer { thread.deallocate() }
    let own = State.shared.pointee.pid
    #expect(origin(thread, sender: own) == .raw)
    coexist_thread_tag(thread, 30)!.pointee = 0b100
    #expect(origin(thread, sender: own) == .tagged(0b100))
    #expect(origin(thread, sender: own) == .again(0b100))
    #expect(origin(thread, sender: own) == .again(0b100))
    coexist_thread_tag(thread, 30)!.pointee = 0b10
    #expect(origin(thread, sender: own) == .tagged(0b10))
    #expect(origin(thread, sender: own &+ 1) == .outside)
  }

  /// What was sent to a thread leaves the tag of what was sent to the process, and finds the tag of
  /// what was sent to a thread that had no record yet.
  @Test func threadsAndProcessHaveTagsOfTheirOwn() {
    let thread = UnsafeMutablePointer<coexist_thread>.allocate(capacity: 1)
    thread.initialize(to: coexist_thread())
    defer {
      thread.deallocate()
      coexist_process_tag(30)!.pointee = 0
    }
    let own = State.shared.pointee.pid
    coexist_process_tag(30)!.pointee = 0b1000
    #expect(origin(thread, sender: own) == .raw)
    coexist_stray_tag(30)!.pointee = 0b10000
    #expect(origin(thread, sender: own) == .tagged(0b10000))
    #expect(origin(thread, sender: own) == .again(0b10000))
    #expect(coexist_process_tag(30)!.pointee == 0b1000)
  }
}
