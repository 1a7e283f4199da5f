import CCoexist

/// The stacks that a thread may be on, and where on them a handler's frame goes.
enum Stacks {
  enum Which: Equatable {
    case thread
    case ours
    case runtime(UInt32)  // index of the alternate stack's slot
    case unknown  // a goroutine, a fiber, a Lisp stack
  }

  private static var overflow: UInt64 {
    @_noLocks @_noAllocation get { 128 * 1024 }
  }

  @_noLocks @_noAllocation @inline(__always)
  static func containing(
    _ sp: UInt64, on thread: UnsafeMutablePointer<coexist_thread>
  ) -> Which {
    if AlternateStack.contains(AlternateStack.ours(thread), sp) { return .ours }
    for index in 0..<thread.pointee.altstacks_used {
      let slot = coexist_thread_altstack(thread, index)!
      if slot.pointee.used != 0, AlternateStack.contains(slot.pointee.stack, sp) {
        return .runtime(index)
      }
    }
    // A stack pointer that has overflowed lies in the guard pages below.
    let isNear = sp > thread.pointee.stack_low &- overflow && sp <= thread.pointee.stack_high
    return isNear ? .thread : .unknown
  }
}

extension Stacks {
  /// May a handler that wants the interrupted stack have it? A coroutine's memory is tried out; a
  /// stack in memory that another runtime mapped (a goroutine) is too small for strangers, and so
  /// is one on which its code runs (an Erlang process, whose heap is next to it).
  @_noLocks @_noAllocation @inline(__always)
  static func hasRoom(
    _ which: Which, below sp: UInt64, _ needed: UInt64, for runtime: UInt32, code: UInt64,
    on thread: UnsafeMutablePointer<coexist_thread>
  ) -> Bool {
    switch which {
    case .thread:
      return sp &- needed > max(thread.pointee.stack_low, thread.pointee.guard_high)
    case .unknown:
      let owner = Regions.owner(of: sp)
      guard owner == Runtimes.system || owner == runtime else { return false }
      let runs = Ownership.owner(of: code)
      if runs != runtime, Catalogue.has(runs, COEXIST_SMALL_STACKS) { return false }
      return canWrite(from: sp &- needed, to: sp &- UInt64(COEXIST_REDZONE) &- 8)
    case .ours, .runtime:
      return false
    }
  }
}

extension Stacks {
  /// What a library asked for before it was a party counts as the app's: its handlers use it.
  @_noLocks @_noAllocation
  static func anonymous(
    for runtime: UInt32, on thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<coexist_altstack>? {
    Catalogue.has(runtime, COEXIST_SENDS_RAW)
      ? nil : AlternateStack.slot(of: Runtimes.app, on: thread)
  }

  /// The alternate stack of a handler whose runtime has none of its own. One that was given another
  /// runtime's would fill it: Lean's has 8 KiB, room for two frames. Go must stand on the one that
  /// it reads from the kernel (golang/go src/runtime/signal_unix.go adjustSignalStack).
  @_noLocks @_noAllocation
  static func ofKernel(
    for runtime: UInt32, _ dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) -> stack_t {
    let kernel = dispatch.pointee.kernel_stack
    let looksItself = Catalogue.has(runtime, COEXIST_SENDS_RAW)
    if kernel.ss_size == 0 || looksItself { return kernel }
    return AlternateStack.ours(dispatch.pointee.thread)
  }

  /// Tries each page between two addresses; the last eight bytes written begin at `last`, so the
  /// interrupted code's red zone stays whole.
  @_noLocks @_noAllocation
  private static func canWrite(from first: UInt64, to last: UInt64) -> Bool {
    let page: UInt64 = 4096
    var address = first
    while address < last {
      if !canWrite(address) { return false }
      address &+= page
    }
    return canWrite(last)
  }

  @_noLocks @_noAllocation
  private static func canWrite(_ address: UInt64) -> Bool {
    guard let memory = UnsafeMutableRawPointer(bitPattern: UInt(address & ~7)),
      coexist_can_read(memory, 8) != 0
    else { return false }
    // Some compilers (SBCL's) build the next frame far below the stack pointer: leave it as it was.
    let before = memory.load(as: UInt64.self)
    guard coexist_can_write(memory, 8) != 0 else { return false }
    memory.storeBytes(of: before, as: UInt64.self)
    return true
  }
}

/// Where a handler runs: a pure function of what it asked for and where the thread was.
struct Placement {
  var wantsAlternate: Bool
  /// The runtime's own alternate stack; size 0 = none.
  var own: stack_t
  /// The kernel's alternate stack at delivery; size 0 = none.
  var kernel: stack_t
  /// The one that coexist gave the thread.
  var ours: stack_t
  /// Where the present copy of the frame lies.
  var frame: UInt64
  var interrupted: UInt64
  /// The lowest place on the alternate stack at which one of the handlers that run was interrupted,
  /// perhaps by one on another stack; 0 = none.
  var lowest: UInt64
  /// The interrupted stack has room below the stack pointer for the frame and a handler.
  var interruptedIsUsable: Bool
  /// The frame lies on the interrupted stack already.
  var frameIsOnInterrupted: Bool

  @_noLocks @_noAllocation
  init(
    wantsAlternate: Bool, own: stack_t, kernel: stack_t, ours: stack_t, frame: UInt64,
    interrupted: UInt64, lowest: UInt64 = 0, interruptedIsUsable: Bool,
    frameIsOnInterrupted: Bool
  ) {
    self.wantsAlternate = wantsAlternate
    self.own = own
    self.kernel = kernel
    self.ours = ours
    self.frame = frame
    self.interrupted = interrupted
    self.lowest = lowest
    self.interruptedIsUsable = interruptedIsUsable
    self.frameIsOnInterrupted = frameIsOnInterrupted
  }

  /// The address below which the frame is to be copied; nil = it stays where it is.
  var target: UInt64? {
    @_noLocks @_noAllocation get {
      if wantsAlternate {
        return own.ss_size != 0 ? top(of: own) : top(of: kernel)
      }
      if frameIsOnInterrupted { return nil }
      if interruptedIsUsable { return interrupted &- UInt64(COEXIST_REDZONE) }
      return top(of: ours)
    }
  }

  /// As the kernel: a thread that is on the stack already goes on below its stack pointer.
  @_noLocks @_noAllocation
  private func top(of stack: stack_t) -> UInt64? {
    if stack.ss_size == 0 || AlternateStack.contains(stack, frame) { return nil }
    if AlternateStack.contains(stack, interrupted) {
      return interrupted &- UInt64(COEXIST_REDZONE)
    }
    if AlternateStack.contains(stack, lowest) { return lowest &- UInt64(COEXIST_REDZONE) }
    return UInt64(UInt(bitPattern: stack.ss_sp)) &+ UInt64(UInt(bitPattern: stack.ss_size))
  }
}
