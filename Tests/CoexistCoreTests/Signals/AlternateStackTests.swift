import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  @Suite struct AlternateStackTests {
    static let untouched = StackValue(low: 0xDEAD_0000, flags: 0x55, size: 77)

    static func anyStack(_ random: inout Seeded) -> StackValue {
      let modes: [UInt32] = [0, 0, 0, 1, 2, 2, 3, 4, 0x4000_0000]
      let sizes: [UInt64] = [0, 1, 2047, 2048, 4096, 8192, 65536]
      return StackValue(
        low: 0x7000_0000 + UInt64(random.below(4)) * 0x10_0000,
        flags: modes.randomElement(using: &random)!
          | (random.chance(1, in: 3) ? StackModel.autoDisarm : 0),
        size: sizes.randomElement(using: &random)!)
    }

    /// The error or 0, and what was written to `old`.
    static func call(
      _ new: StackValue?, sp: UInt64, _ caller: UInt64
    ) -> (error: Int32, old: StackValue?) {
      var native = new?.native ?? stack_t()
      var old = untouched.native
      let error = withUnsafePointer(to: &native) { native in
        AlternateStack.call(new == nil ? nil : native, &old, caller: caller, sp: sp)
      }
      let read = StackValue(old)
      return (error, read == untouched ? nil : read)
    }

    /// The model is what this kernel does (on a thread that is on no alternate stack).
    @Test func theModelIsTheKernel() {
      CoreState.begin()
      var random = Seeded()
      var model = StackModel()
      let systemCall = 131
      var before = stack_t()
      var none = StackValue(flags: 2).native
      _ = withUnsafeMutablePointer(to: &none) { new in
        withUnsafeMutablePointer(to: &before) {
          coexist_syscall4(systemCall, Int(bitPattern: new), Int(bitPattern: $0), 0, 0)
        }
      }
      _ = model.call(StackValue(flags: 2), sp: 0)
      for _ in 0..<5_000 {
        let new = random.chance(4, in: 5) ? Self.anyStack(&random) : nil
        var native = new?.native ?? stack_t()
        var old = Self.untouched.native
        let result = withUnsafeMutablePointer(to: &native) { native in
          withUnsafeMutablePointer(to: &old) { old in
            coexist_syscall4(
              systemCall, new == nil ? 0 : Int(bitPattern: native), Int(bitPattern: old), 0, 0)
          }
        }
        let expected = model.call(new, sp: 0x1000)
        #expect(-result == Int(expected.error), "\(String(describing: new))")
        #expect(StackValue(old) == expected.old ?? Self.untouched, "\(String(describing: new))")
      }
      _ = withUnsafeMutablePointer(to: &before) {
        coexist_syscall4(systemCall, Int(bitPattern: $0), 0, 0, 0)
      }
    }

    /// Several runtimes on one thread: each sees a kernel of its own, and the kernel holds the only
    /// stack that is asked for, or ours.
    @Test func eachRuntimeSeesItsOwnKernel() throws {
      let libraries = Array(Callers.libraries.prefix(4))
      var random = Seeded()
      for _ in 0..<40 {
        CoreState.begin()
        for library in libraries { _ = Ownership.party(library) }
        let callers = [Callers.app] + libraries
        try CoreState.withThread { thread in
          var models = callers.map { _ in StackModel() }
          for step in 0..<1_000 {
            let index = random.below(callers.count)
            var new = random.chance(3, in: 4) ? Self.anyStack(&random) : nil
            // SS_AUTODISARM with SS_DISABLE: the kernel shows the flag of a stack that is gone.
            if new?.flags == StackModel.autoDisarm | StackModel.disable { new?.flags = 2 }
            let on = models[random.below(callers.count)].stack
            let sp =
              random.chance(1, in: 4) ? on.low + UInt64(random.below(3)) * on.size / 2 : 0x1000
            let expected = models[index].call(new, sp: sp)
            let got = Self.call(new, sp: sp, callers[index])
            try #require(
              got.error == expected.error && got.old == expected.old,
              "step \(step), caller \(index), \(String(describing: new)): \(got) is not \(expected)"
            )
            let asked = models.filter { $0.stack.size != 0 }
            let installed =
              asked.count == 1 ? asked[0].stack : StackValue(AlternateStack.ours(thread))
            let held = StackValue(FakeKernel.shared.heldStack)
            if got.error == 0, new != nil {
              try #require(
                held.low == installed.low && held.size == installed.size
                  && held.flags & ~1 == installed.flags & ~1,
                "step \(step): the kernel holds \(held), not \(installed)")
            }
          }
        }
      }
    }

    /// Each runtime has its view whatever order the kernel refuses; the next request brings it up.
    @Test func aRefusedInstallIsMadeUpFor() throws {
      CoreState.begin()
      try CoreState.withThread { thread in
        let mine = StackValue(low: 0x7000_0000, size: 8192)
        let ours = StackValue(AlternateStack.ours(thread))
        FakeKernel.shared.fail(1, with: EPERM)
        #expect(Self.call(mine, sp: 0x1000, Callers.app).error == 0)
        #expect(StackValue(FakeKernel.shared.heldStack) == ours, "refused: a handler runs on it")
        #expect(Self.call(nil, sp: 0x1000, Callers.app).old == mine)
        #expect(Self.call(mine, sp: 0x1000, Callers.app).error == 0)
        #expect(StackValue(FakeKernel.shared.heldStack) == mine)
      }
    }

    /// `sigaltstack(&stack, &stack)`: the kernel reads the new one before it writes the old one.
    @Test func newAndOldMayBeOneObject() throws {
      CoreState.begin()
      try CoreState.withThread { _ in
        let mine = StackValue(low: 0x7000_0000, size: 8192)
        var both = mine.native
        let error = withUnsafeMutablePointer(to: &both) {
          AlternateStack.call(UnsafePointer($0), $0, caller: Callers.app, sp: 0x1000)
        }
        #expect(error == 0)
        #expect(StackValue(both) == StackValue(flags: StackModel.disable))
        #expect(Self.call(nil, sp: 0x1000, Callers.app).old == mine)
      }
    }

    @Test func moreRuntimesThanSlots() throws {
      CoreState.begin()
      let limit = Int(COEXIST_ALTSTACKS_MAX)
      try #require(Callers.libraries.count > limit)
      for library in Callers.libraries { _ = Ownership.party(library) }
      try CoreState.withThread { _ in
        for (index, library) in Callers.libraries.enumerated() {
          let stack = StackValue(low: 0x7000_0000 + UInt64(index) << 20, size: 8192)
          let got = Self.call(stack, sp: 0x1000, library)
          #expect(got.error == (index < limit ? 0 : ENOMEM))
        }
        #expect(Self.call(StackValue(flags: 2), sp: 0x1000, Callers.libraries[0]).error == 0)
        let last = StackValue(low: 0x7F00_0000, size: 8192)
        #expect(
          Self.call(last, sp: 0x1000, Callers.libraries[limit]).error == 0, "a slot is free again")
      }
    }

    /// A thread that has no record: the kernel itself answers.
    @Test func withoutARecordTheKernelAnswers() {
      CoreState.begin()
      let mine = StackValue(low: 0x7000_0000, size: 8192)
      #expect(Self.call(mine, sp: 0, Callers.app).error == 0)
      #expect(StackValue(FakeKernel.shared.heldStack) == mine)
      FakeKernel.shared.fail(1, with: EPERM)
      #expect(Self.call(mine, sp: 0, Callers.app).error == EPERM)
    }
  }
}
