import CCoexist

/// EINTR for a handler that was installed without SA_RESTART, although the dispatcher has the flag:
/// it must, for those that have it (signal(7), "Interruption of system calls and library functions
/// by signal handlers").
enum Interruption {
  /// The calls that the kernel restarts, by number (Linux arch/x86/entry/syscalls/syscall_64.tbl).
  /// Others either never begin again or end with EINTR whatever the flag says.
  @_noLocks @_noAllocation
  private static func isRestarted(_ number: UInt64) -> Bool {
    switch number {
    case 0, 1, 16, 19, 20: return true  // read write ioctl readv writev
    case 17, 18, 295, 296, 327, 328: return true  // pread64 pwrite64 and with vectors
    case 2, 257, 437: return true  // open openat openat2, of a FIFO
    case 42, 43, 288: return true  // connect accept accept4
    case 44, 45, 46, 47, 307: return true  // sendto recvfrom sendmsg recvmsg sendmmsg
    case 61, 247: return true  // wait4 waitid
    case 72, 73: return true  // fcntl with F_SETLKW, flock
    case 202: return true  // futex without a time
    case 242, 243: return true  // mq_timedsend mq_timedreceive
    case 318: return true  // getrandom
    default: return false
    }
  }

  /// Before the handler runs, which sees the call ended in its ucontext, as alone.
  @_noLocks @_noAllocation @inline(__always)
  static func apply(
    _ action: coexist_action, _ ucontext: UnsafeMutableRawPointer,
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>
  ) {
    let restart: UInt64 = 0x1000_0000
    guard dispatch.pointee.delivery != 0, action.flags & restart == 0,
      isRestarted(coexist_uc_rax(ucontext)), coexist_uc_end_call(ucontext) != 0
    else { return }
    coexist_copy_registers(&dispatch.pointee.registers, coexist_uc_registers(ucontext))
  }
}
