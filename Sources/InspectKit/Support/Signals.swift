/// Names of signals and of what comes with them, for Linux on x86_64.
public enum SignalNames {
  /// Index = number; 0, 32 and 33 (glibc's own) have no name.
  static let names = [
    "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
    "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
    "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
    "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
  ]

  public static func name(_ number: Int) -> String {
    switch number {
    case 1..<names.count: names[number]
    case 34: "SIGRTMIN"
    case 35...49: "SIGRTMIN+\(number - 34)"
    case 50...63: "SIGRTMAX-\(64 - number)"
    case 64: "SIGRTMAX"
    default: "signal \(number)"
    }
  }

  /// The number of "SIGSEGV", "segv" or "11"; nil if there is no such signal.
  public static func number(_ text: String) -> Int? {
    if let number = Int(text) { return (1...64).contains(number) ? number : nil }
    let upper = text.uppercased()
    let full = upper.hasPrefix("SIG") ? upper : "SIG" + upper
    let aliases = ["SIGIOT": 6, "SIGCLD": 17, "SIGPOLL": 29]
    return aliases[full] ?? (1...64).first { name($0) == full && $0 != 32 && $0 != 33 }
  }

  static let faults: Set<Int> = [4, 5, 7, 8, 11]

  /// SA_* bits in the kernel's order, by the names that sigaction(2) gives them.
  static func flags(_ bits: UInt64) -> [String] {
    let known: [(UInt64, String)] = [
      (0x1, "nocldstop"), (0x2, "nocldwait"), (0x4, "siginfo"), (0x800, "expose_tagbits"),
      (0x0800_0000, "onstack"), (0x1000_0000, "restart"), (0x4000_0000, "nodefer"),
      (0x8000_0000, "resethand"),
    ]
    // SA_UNSUPPORTED and SA_RESTORER say how libc asked, not what was asked for.
    let quiet: UInt64 = 0x400 | 0x0400_0000
    let rest = known.reduce(bits & ~quiet) { $0 & ~$1.0 }
    return known.filter { bits & $0.0 != 0 }.map(\.1) + (rest == 0 ? [] : [addressText(rest)])
  }

  /// Names of a mask's signals.
  static func mask(_ bits: UInt64) -> [String] {
    (1...64).filter { bits >> UInt64($0 - 1) & 1 == 1 }.map(name)
  }

  /// si_code as the headers name it: "SEGV_MAPERR", "SI_USER", or its number.
  static func code(_ code: Int, of signal: Int) -> String {
    let general = [
      0: "SI_USER", 0x80: "SI_KERNEL", -1: "SI_QUEUE", -2: "SI_TIMER", -3: "SI_MESGQ",
      -4: "SI_ASYNCIO", -5: "SI_SIGIO", -6: "SI_TKILL",
    ]
    let own: [Int: [String]] = [
      4: ["ILL_ILLOPC", "ILL_ILLOPN", "ILL_ILLADR", "ILL_ILLTRP", "ILL_PRVOPC", "ILL_PRVREG"],
      5: ["TRAP_BRKPT", "TRAP_TRACE", "TRAP_BRANCH", "TRAP_HWBKPT"],
      7: ["BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR", "BUS_MCEERR_AR", "BUS_MCEERR_AO"],
      8: ["FPE_INTDIV", "FPE_INTOVF", "FPE_FLTDIV", "FPE_FLTOVF", "FPE_FLTUND", "FPE_FLTRES"],
      11: ["SEGV_MAPERR", "SEGV_ACCERR", "SEGV_BNDERR", "SEGV_PKUERR"],
      17: ["CLD_EXITED", "CLD_KILLED", "CLD_DUMPED", "CLD_TRAPPED", "CLD_STOPPED"],
    ]
    if let name = general[code] { return name }
    if let names = own[signal], names.indices.contains(code - 1) { return names[code - 1] }
    return "si_code \(code)"
  }
}
