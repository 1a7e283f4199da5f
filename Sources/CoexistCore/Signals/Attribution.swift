import CCoexist

/// Whose event is it? Evidence, strongest first: the instruction, the address, the thread.
struct Attribution {
  var pcOwner: UInt32
  var addressOwner: UInt32
  var threadOwner: UInt32
  var genuine: Bool

  @_noLocks @_noAllocation
  init(pcOwner: UInt32, addressOwner: UInt32, threadOwner: UInt32, genuine: Bool) {
    self.pcOwner = pcOwner
    self.addressOwner = addressOwner
    self.threadOwner = threadOwner
    self.genuine = genuine
  }

  /// Reads the evidence of a signal. Async-signal-safe.
  @_noLocks @_noAllocation
  init(
    _ info: UnsafeMutablePointer<siginfo_t>, _ ucontext: UnsafeMutableRawPointer,
    _ thread: UnsafeMutablePointer<coexist_thread>
  ) {
    // What the processor raises has a positive code; what is sent has not (sigaction(2), si_code).
    genuine = info.pointee.si_code > 0
    threadOwner = thread.pointee.creator
    pcOwner = Runtimes.system
    addressOwner = Runtimes.system
    guard genuine else { return }
    // int3 is reported behind the instruction.
    let breakpoint: UInt64 = 3
    let pc = coexist_uc_pc(ucontext)
    pcOwner = Ownership.owner(
      of: coexist_uc_trap(ucontext) == breakpoint ? pc &- 1 : pc, coexist_thread_span(thread, 0))
    let address = coexist_info_address(info)
    // Below the first page that can be mapped nobody owns anything: a null reference.
    if address >= 65536 {
      addressOwner = Ownership.owner(of: address, coexist_thread_span(thread, 1))
    }
  }
}
