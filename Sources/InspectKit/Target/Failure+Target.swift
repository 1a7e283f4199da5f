import Glibc

/// The T errors: one function each, so that every code has one wording.
extension Failure {
  static func noProcess(_ pid: Int) -> Failure {
    Failure("T101", "process \(pid) does not exist.", .unavailable)
  }

  static func notUnderCoexist(_ pid: Int) -> Failure {
    let name = Proc.name(pid) ?? "?"
    return Failure(
      "T102", "process \(pid) (\(name)) does not run under libcoexist.",
      help: "start it with: coexist-inspect run -- \(name)", .unavailable)
  }

  static func notYours(_ pid: Int, owner: UInt32, command: String) -> Failure {
    Failure(
      "T103", "you may not look at process \(pid) (owned by \(userName(owner))).",
      help: "sudo coexist-inspect \(command) \(pid)", .notPermitted)
  }

  static func foreignFile(_ path: String, owner: UInt32) -> Failure {
    Failure(
      "T103", "you may not trust \(printable(path)) (owned by \(userName(owner))).",
      help: "if you mean it: --state \(printable(path))", .notPermitted)
  }

  static func nothingFound(user: UInt32) -> Failure {
    Failure(
      "T104",
      "No process under libcoexist for user \(user). "
        + "Start one: coexist-inspect run -- PROGRAM", .unavailable)
  }

  static func noName(_ name: String, known: [String]) -> Failure {
    let meant = suggestion(for: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
    return Failure(
      "T104", "no process named '\(printable(name))' runs under libcoexist.\(meant)",
      help: "coexist-inspect list shows them", .unavailable)
  }

  static func several(_ pids: [Int]) -> Failure {
    let list = pids.prefix(12).map(String.init).joined(separator: ", ")
    return Failure(
      "T105", "\(pids.count) processes match: \(list)\(pids.count > 12 ? ", …" : "").",
      help: "give the number of one of them", .usage)
  }

  static func damaged(_ path: String, _ problem: StateImage.Problem) -> Failure {
    let path = printable(path)
    switch problem {
    case .notState:
      return Failure("T106", "\(path) is no state file of libcoexist, or is damaged.", .damaged)
    case .tooShort(let have, let need):
      return Failure(
        "T106", "\(path) is cut short: it has \(have) of \(need) bytes.", .damaged)
    case .version(let version):
      return Failure(
        "T110",
        "this state page has version \(version); coexist-inspect \(toolVersion) reads 1.",
        help: "use the coexist-inspect that came with that libcoexist.so", .unavailable)
    }
  }

  static func wrongProcess(_ path: String, _ pid: Int) -> Failure {
    Failure("T106", "\(printable(path)) says that it is of process \(pid).", .damaged)
  }

  static func noState(_ pid: Int) -> Failure {
    Failure(
      "T107",
      "process \(pid) (\(Proc.name(pid) ?? "?")) runs under libcoexist, "
        + "but publishes no state.",
      help: "see its own messages, and state.publish in its configuration", .unavailable)
  }

  static func cannotOpen(_ path: String, _ error: FileError) -> Failure {
    let refused = error.number == EACCES || error.number == EPERM
    let reason = error.number == EINVAL ? "it is no ordinary file" : error.text
    return Failure(
      "T108", "\(printable(path)) could not be opened: \(reason).",
      refused ? .notPermitted : .unavailable)
  }

  static func noStateInCore(_ path: String) -> Failure {
    Failure(
      "T109", "the core \(printable(path)) holds no state of libcoexist.",
      help: "coexist-inspect explain T109", .unavailable)
  }

  static func notCore(_ path: String) -> Failure {
    Failure("T111", "\(printable(path)) is not a core file.", .damaged)
  }

  public static func noSignal(_ text: String) -> Failure {
    let meant = suggestion(for: text, among: (1...31).map(SignalNames.name))
    return Failure(
      "T112",
      "there is no signal '\(printable(text))'."
        + (meant.map { " Did you mean '\($0)'?" } ?? ""), .usage)
  }

  static func noCode(_ text: String, known: [String]) -> Failure {
    let meant = suggestion(for: text, among: known).map { " Did you mean '\($0)'?" } ?? ""
    return Failure("T113", "there is no message code '\(printable(text))'.\(meant)", .usage)
  }

  static func noMapping(_ value: UInt64) -> Failure {
    Failure("T114", "\(addressText(value)) is in no mapping and no known region.", .unavailable)
  }

  static func partlyDamaged(_ damage: [String]) -> Failure {
    let some = damage.prefix(3).joined(separator: "; ") + (damage.count > 3 ? "; …" : "")
    return Failure(
      "T115", "\(damage.count) records of the state are damaged and were left out (\(some)).",
      .damaged)
  }

  static func notTraceable(_ pid: Int) -> Failure {
    Failure(
      "T117", "the threads of process \(pid) may not be stopped, so their stacks cannot be copied.",
      help: "sudo coexist-inspect stacks --trace \(pid); or coexist-inspect explain T117",
      .notPermitted)
  }

  static func noThread(_ tid: Int, _ pid: Int) -> Failure {
    Failure(
      "T118", "process \(pid) has no thread \(tid).", help: "coexist-inspect threads \(pid)",
      .unavailable)
  }

  static func noContext(_ id: UInt64, _ pid: Int) -> Failure {
    Failure(
      "T121", "no context \(id) lives in process \(pid).", help: "coexist-inspect contexts \(pid)",
      .unavailable)
  }

  static func noStacks(_ pid: Int) -> Failure {
    Failure(
      "T119", "process \(pid) has ended, and a state file holds no stacks.",
      help: "if it left a core: coexist-inspect stacks --trace --core FILE", .unavailable)
  }

  static func cannotWrite(_ path: String, _ error: FileError) -> Failure {
    let help = error.number == EEXIST ? "--force replaces it" : nil
    return Failure(
      "T116", "\(printable(path)) could not be written: \(error.text).", help: help,
      error.number == EACCES || error.number == EPERM ? .notPermitted : .usage)
  }
}

/// Of this tool and the library that it belongs to.
public let toolVersion = "0.1.0"
