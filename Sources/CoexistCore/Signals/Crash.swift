import CCoexist

/// Nobody claimed the event: the default action, with the registers and the siginfo that it came
/// with.
enum Crash {
  private static let block = 0
  private static let sigProcmask = 14
  private static let queueInfo = 297  // rt_tgsigqueueinfo
  private static let tgkill = 234

  @_noLocks @_noAllocation
  static func take(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ ucontext: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<coexist_jump> {
    let signal = dispatch.pointee.signal
    let bottom = Requests.newestDefault(signal)
    Recorder.defaulted(dispatch)
    let isDivided = Pipes.isDivided(signal)
    let ignored = bottom.handler == 1 && dispatch.pointee.genuine == 0 && !isDivided
    if !ignored {
      // A pipeline's usual end is not told, nor what the kernel alone would do as well.
      if !isDivided && !Numbers.isExchanged(signal) { say(dispatch) }
      copyForCore()
      // Who waits for the program finds the number that its runtime said.
      let number = Numbers.holder(of: signal)?.own ?? signal
      dispatch.pointee.mask &= ~(signalBit(number) ^ signalBit(signal))
      fall(number, dispatch)
    }
    return Dispatch.resume(dispatch, ucontext)
  }

  /// A genuine fault happens again at the interrupted instruction. A sent signal is queued again,
  /// blocked until rt_sigreturn opens the mask there: it, too, takes effect at that instruction.
  @_noLocks @_noAllocation
  private static func fall(_ signal: Int32, _ dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    Installer.set(coexist_action(), signal)
    // A breakpoint is behind us: going on would not raise it again.
    let happensAgain = dispatch.pointee.genuine != 0 && signal != 5
    guard !happensAgain else { return }
    var mask = signalBit(signal)
    withUnsafePointer(to: &mask) {
      _ = coexist_syscall4(sigProcmask, block, Int(bitPattern: $0), 0, 8)
    }
    let (process, thread) = (Int(coexist_getpid()), Int(coexist_gettid()))
    let result = withUnsafePointer(to: &dispatch.pointee.info) {
      coexist_syscall4(queueInfo, process, thread, Int(signal), Int(bitPattern: $0))
    }
    // A sandbox that refuses it (ENOSYS, EPERM): then without the first sender's name.
    if result < 0 { _ = coexist_syscall4(tgkill, process, thread, Int(signal), 0) }
  }

  /// Shared file mappings are not dumped (core(5)), so the core file gets its own copy.
  @_noLocks @_noAllocation
  private static func copyForCore() {
    ContextLines.settle()
    guard let room = coexist_core_copy_room() else { return }
    coexist_copy(room, State.shared, UInt64(MemoryLayout<coexist_state>.size))
    room.assumingMemoryBound(to: UInt64.self).pointee = COEXIST_CORE_MAGIC
  }

  /// One line: whose fault it was, and who declined how.
  @_noLocks @_noAllocation
  private static func say(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) {
    Warnings.add("W202", level: COEXIST_LOG_WARN) { text in
      text.add(SignalName.of(dispatch.pointee.signal))
      let pc = dispatch.pointee.registers.pc
      text.add(" at ")
      text.add(hex: pc)
      let object = coexist_object_at(pc)
      if object.map != 0 {
        let name = coexist_object_name(object.map)!
        text.add(" in ")
        text.add(name: name[0] == 0 ? coexist_program_name()! : name)
        text.add("+")
        text.add(hex: pc &- object.low)
      }
      if let container = Containers.name(at: pc) {
        text.add(", container ")
        text.add(name: container)
      }
      if dispatch.pointee.genuine == 0 {
        text.add(" was sent")
      } else if dispatch.pointee.pc_owner != Runtimes.system {
        text.add(", code of ")
        text.add(name: Runtimes.runtimeName(dispatch.pointee.pc_owner))
      }
      text.add(": nobody claimed it")
      Recorder.eachTried(dispatch) { runtime, how in
        text.add(", ")
        text.add(name: Runtimes.runtimeName(runtime))
        text.add(words(how))
      }
      text.add("; default action")
    }
  }

  @_noLocks @_noAllocation
  private static func words(_ how: coexist_how) -> StaticString {
    switch how {
    case COEXIST_HOW_RESET: return " put SIG_DFL back"
    case COEXIST_HOW_RAISED: return " raised it again"
    case COEXIST_HOW_REQUEUED: return " queued it again"
    case COEXIST_HOW_CALLED_PREVIOUS: return " called the action below"
    case COEXIST_HOW_NO_PROGRESS: return " made no progress"
    case COEXIST_HOW_REPORTED: return " reported it"
    default: return " gave no answer"
    }
  }

  /// Handlers that fault inside handlers that fault …: libc alone would have ended here, too.
  @_noLocks @_noAllocation
  static func tooDeep(
    _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>,
    _ ucontext: UnsafeMutableRawPointer, _ thread: UnsafeMutablePointer<coexist_thread>
  ) -> UnsafeMutablePointer<coexist_jump> {
    Warnings.add("W206", level: COEXIST_LOG_WARN) {
      $0.add(SignalName.of(signal))
      $0.add(" inside eight handlers, each interrupted by the next; default action")
    }
    copyForCore()
    Installer.set(coexist_action(), signal)
    return Dispatch.leave(ucontext)
  }
}

enum SignalName {
  @_noLocks @_noAllocation
  static func of(_ signal: Int32) -> StaticString {
    switch signal {
    case 4: return "SIGILL"
    case 5: return "SIGTRAP"
    case 6: return "SIGABRT"
    case 7: return "SIGBUS"
    case 8: return "SIGFPE"
    case 11: return "SIGSEGV"
    default: return "signal"
    }
  }
}
