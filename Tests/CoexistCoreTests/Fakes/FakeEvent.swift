import Foundation
import Glibc
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// A signal as the kernel delivers it: a frame on the thread's own alternate stack, and a stack
/// that it interrupted. Handlers are closures, called where the core would jump to.
final class FakeEvent {
  static let frameSize = Int(COEXIST_UCONTEXT_SIZE) + Int(COEXIST_SIGINFO_SIZE)

  let thread: UnsafeMutablePointer<coexist_thread>
  let signal: Int32
  var info = siginfo_t()
  var registers: [UInt64]
  var mask: UInt64 = 0x40_0000
  private let interrupted: UnsafeMutableRawPointer
  private let interruptedSize = 256 * 1024

  init(
    _ signal: Int32, on thread: UnsafeMutablePointer<coexist_thread>, pc: UInt64, address: UInt64,
    random: inout Seeded
  ) {
    self.thread = thread
    self.signal = signal
    interrupted = .allocate(byteCount: interruptedSize, alignment: 4096)
    registers = (0..<Int(COEXIST_REGISTERS)).map { _ in random.next() }
    registers[Int(REG_RIP)] = pc
    registers[Int(REG_RSP)] = UInt64(UInt(bitPattern: interrupted)) + UInt64(interruptedSize / 2)
    registers[Int(REG_TRAPNO)] = 14
    thread.pointee.stack_low = UInt64(UInt(bitPattern: interrupted))
    thread.pointee.stack_high = thread.pointee.stack_low + UInt64(interruptedSize)
    info.si_signo = signal
    info.si_code = 1
    withUnsafeMutableBytes(of: &info) {
      $0.storeBytes(of: address, toByteOffset: 16, as: UInt64.self)
    }
  }

  deinit { interrupted.deallocate() }

  /// Runs the whole dispatch. `handler` gets the address that is jumped to and the context, which
  /// it may edit, and says whether it returns. Returns the context that rt_sigreturn gets, or nil.
  func deliver(_ handler: (UInt64, UnsafeMutableRawPointer) -> Bool) -> UnsafeMutableRawPointer? {
    let before = SignalMask.blockAll()
    defer { SignalMask.restore(before) }
    let stack = AlternateStack.ours(thread)
    let top = stack.ss_sp + stack.ss_size
    let ucontext = UnsafeMutableRawPointer(
      bitPattern: (UInt(bitPattern: top) - UInt(Self.frameSize) - 64) & ~15)!
    memset(ucontext, 0, Self.frameSize)
    memcpy(coexist_uc_registers(ucontext), registers, 8 * registers.count)
    coexist_uc_stack(ucontext).pointee = stack
    coexist_uc_mask(ucontext).pointee = mask
    memcpy(ucontext + Int(COEXIST_UCONTEXT_SIZE), &info, Int(COEXIST_SIGINFO_SIZE))
    let place = (ucontext + Int(COEXIST_UCONTEXT_SIZE)).assumingMemoryBound(to: siginfo_t.self)
    var jump = Dispatch.enter(
      signal, place, ucontext, frame: UInt64(UInt(bitPattern: ucontext)) - 8)
    while true {
      if let context = Dispatch.returning(jump) { return context }
      let context = UnsafeMutableRawPointer(bitPattern: UInt(jump.pointee.arg2))!
      // A signal that comes before the handler's first instruction, or after its last.
      let innermost = Dispatches.innermost(on: thread, sp: jump.pointee.sp)
      let alive = innermost.flatMap { coexist_dispatch_jump($0) }
      #expect(alive == jump, "its dispatch counts as over")
      guard handler(jump.pointee.target, context) else { return nil }
      jump = Dispatch.returned(context)
    }
  }

  /// The general registers of a context.
  static func registers(_ ucontext: UnsafeMutableRawPointer) -> [UInt64] {
    Array(UnsafeBufferPointer(start: coexist_uc_registers(ucontext), count: Int(COEXIST_REGISTERS)))
  }
}
