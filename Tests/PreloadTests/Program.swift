import Foundation

/// How a program ended, as waitpid tells it.
enum Ending: Equatable, CustomStringConvertible {
  case exited(Int32)
  case killed(Int32, core: Bool)
  case overran

  var description: String {
    switch self {
    case .exited(let status): "exit \(status)"
    case .killed(let signal, let core): Signal.name(signal) + (core ? " core" : "")
    case .overran: "time limit"
    }
  }

  /// A core file depends on the limits of the machine; the signal does not.
  var withoutCore: Ending {
    if case .killed(let signal, _) = self { .killed(signal, core: false) } else { self }
  }
}

enum Signal {
  static let names: [String: Int32] = [
    "SIGHUP": SIGHUP, "SIGINT": SIGINT, "SIGILL": SIGILL, "SIGTRAP": SIGTRAP, "SIGABRT": SIGABRT,
    "SIGBUS": SIGBUS, "SIGFPE": SIGFPE, "SIGKILL": SIGKILL, "SIGSEGV": SIGSEGV,
    "SIGUSR1": SIGUSR1, "SIGALRM": SIGALRM, "SIGTERM": SIGTERM,
  ]
  static func name(_ signal: Int32) -> String {
    names.first { $0.value == signal }?.key ?? "signal \(signal)"
  }
}

/// What a program wrote, and how it ended.
struct Outcome: Equatable, CustomStringConvertible {
  var output: String
  var errors: String
  var ending: Ending

  var description: String {
    "ended: \(ending)\n--- stdout\n\(output.suffix(2000))--- stderr\n\(errors.suffix(2000))"
  }
}

/// A command, to be run bare or with libraries preloaded, always with the same environment.
struct Program {
  var path: String
  var arguments: [String] = []
  var environment: [String: String] = [:]
  var limit: Duration = .seconds(10)

  /// Signals must be as in a fresh login: the tests' own process may ignore or block some.
  private static let allSignals: sigset_t = {
    var set = sigset_t()
    sigfillset(&set)
    return set
  }()

  func run(preload: String? = nil) throws -> Outcome {
    let folder = try Scratch()
    var variables = inherited
    variables["XDG_RUNTIME_DIR"] = folder.url.path
    variables.merge(environment) { $1 }
    if let preload { variables["LD_PRELOAD"] = preload }

    let (out, err) = (folder.file("stdout"), folder.file("stderr"))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let write = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out.path, write, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, err.path, write, 0o600)
    changeFolder(&actions, folder.work.path)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (every, none) = (Self.allSignals, sigset_t())
    posix_spawnattr_setsigdefault(&attributes, &every)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var pid = pid_t()
    let status = withCStrings([path] + arguments) { argv in
      withCStrings(variables.map { "\($0)=\($1)" }) { envp in
        posix_spawn(&pid, path, &actions, &attributes, argv, envp)
      }
    }
    guard status == 0 else { throw Trouble("\(path): \(String(cString: strerror(status)))") }
    let ending = wait(for: pid)
    return Outcome(output: folder.text(out), errors: folder.text(err), ending: ending)
  }

  /// Our environment without what would change the result.
  private var inherited: [String: String] {
    ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("COEXIST_") && !$0.key.hasPrefix("SWIFT_") && $0.key != "LD_PRELOAD"
    }
  }

  private func wait(for pid: pid_t) -> Ending {
    let deadline = ContinuousClock.now + limit
    var status: Int32 = 0
    while waitpid(pid, &status, WNOHANG) == 0 {
      if ContinuousClock.now > deadline {
        kill(-pid, SIGKILL)
        waitpid(pid, &status, 0)
        return .overran
      }
      usleep(500)
    }
    kill(-pid, SIGKILL)  // what the program left behind
    let signal = status & 0x7f
    return signal == 0
      ? .exited(status >> 8 & 0xff) : .killed(signal, core: status & 0x80 != 0)
  }
}

/// A folder for one run, removed afterwards. The program works in an empty folder inside.
final class Scratch {
  let url: URL
  let work: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "coexist-\(UUID().uuidString)")
    work = url.appending(path: "work")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String) -> URL { url.appending(path: name) }
  func text(_ file: URL) -> String {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// glibc's, which the Swift overlay does not show.
@_silgen_name("posix_spawn_file_actions_addchdir_np")
@discardableResult private func changeFolder(
  _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: UnsafePointer<CChar>
) -> Int32

private func withCStrings<R>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
) -> R {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
