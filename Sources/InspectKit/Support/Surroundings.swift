import Glibc

/// What the tool knows of the world around it, in one value so that tests can give another.
public struct Surroundings: Sendable {
  public var variables: [String: String]
  public var directory: String
  public var user: UInt32
  /// Nanoseconds of CLOCK_REALTIME.
  public var now: UInt64

  public init(variables: [String: String], directory: String, user: UInt32, now: UInt64) {
    self.variables = variables
    self.directory = directory
    self.user = user
    self.now = now
  }

  public static func current() -> Surroundings {
    Surroundings(
      variables: environment(), directory: currentDirectory(), user: geteuid(),
      now: realtimeNow())
  }

  /// The value of a variable; an empty one counts as not set.
  public func variable(_ name: String) -> String? {
    variables[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The path made absolute against the working directory; nothing is resolved.
  public func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : (directory == "/" ? "/" : directory + "/") + path
  }

  /// Folders in which the library makes `coexist-UID`, the first that it can write to
  /// (preload/log.c, run_directory).
  public var temporaryFolders: [String] {
    variable("TMPDIR").map { [$0] } ?? ["/dev/shm", "/tmp"]
  }

  /// The one of them that it takes.
  public var temporaryFolder: String {
    temporaryFolders.first { access($0, W_OK) == 0 } ?? temporaryFolders[0]
  }
}

func realtimeNow() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

private func currentDirectory() -> String {
  guard let path = getcwd(nil, 0) else { return "." }
  defer { free(path) }
  return String(cString: path)
}

/// The process's environment; of a name that stands twice the first counts, as in getenv(3).
private func environment() -> [String: String] {
  var result: [String: String] = [:]
  var entry = environ
  while let text = entry.pointee {
    let pair = String(cString: text).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if pair.count == 2, result[String(pair[0])] == nil {
      result[String(pair[0])] = String(pair[1])
    }
    entry += 1
  }
  return result
}
