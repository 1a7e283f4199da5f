import Glibc

/// What must be in a program's environment so that the loader puts libcoexist.so into it.
public struct Preload: Sendable, Equatable {
  /// Path of libcoexist.so.
  public let library: String
  /// LD_PRELOAD: ours first, then what was there.
  public let value: String
  /// COEXIST_CONFIG, if it must be set.
  public let configuration: String?
  /// GLIBC_TUNABLES, if it must be set.
  public let tunables: String?

  /// Throws R005, R009, R010. `configuration` is what the user named; nil = by discovery, ""
  /// = none at all.
  public init(configuration: String?, _ surroundings: Surroundings) throws(Failure) {
    library = try Preload.findLibrary(surroundings)
    guard !library.contains(where: { " :\t\n".contains($0) }) else {
      throw .badLibraryPath(library)
    }
    let others = Preload.entries(surroundings).filter { !Preload.isOurs($0) }
    value = ([library] + others).joined(separator: ":")
    let passed = try Preload.configuration(configuration, surroundings)
    self.configuration = passed
    let used = passed ?? ConfigurationPlaces(surroundings).used?.path
    tunables = Tunables.value(for: used, surroundings)
  }

  /// The libraries of LD_PRELOAD, which is split at spaces and colons.
  static func entries(_ surroundings: Surroundings) -> [String] {
    (surroundings.variables["LD_PRELOAD"] ?? "")
      .split { $0 == " " || $0 == ":" }.map(String.init)
  }

  static func isOurs(_ entry: String) -> Bool {
    let name = entry.split(separator: "/").last ?? ""
    return name == "libcoexist.so" || name.hasPrefix("libcoexist.so.")
  }

  private static func configuration(
    _ named: String?, _ surroundings: Surroundings
  ) throws(Failure) -> String? {
    if let named, named.isEmpty { return "none" }
    if let named {
      let path = surroundings.absolute(named)
      do throws(FileError) {
        _ = try OpenFile(path)
      } catch {
        throw .noConfiguration(named, error)
      }
      return path
    }
    // The library looks into the working directory only; what is found further up is passed on.
    let used = ConfigurationPlaces(surroundings).used
    return used?.kind == .parent ? used?.path : nil
  }

  /// COEXIST_LIBRARY, beside the tool, in an installation's library folder, in the system's.
  static func findLibrary(_ surroundings: Surroundings) throws(Failure) -> String {
    if let set = surroundings.variable("COEXIST_LIBRARY") {
      let path = surroundings.absolute(set)
      guard access(path, R_OK) == 0 else { throw .noLibrary([set]) }
      return path
    }
    let own = executableFolder()
    let folders = [
      own, own + "/../lib/x86_64-linux-gnu/coexist", own + "/../lib/coexist", own + "/../lib",
      "/usr/lib/x86_64-linux-gnu/coexist", "/usr/local/lib/coexist", "/usr/local/lib",
    ]
    for folder in folders {
      for name in ["libcoexist.so.1", "libcoexist.so"] {
        guard let resolved = realpath(folder + "/" + name, nil) else { continue }
        defer { free(resolved) }
        return String(cString: resolved)
      }
    }
    throw .noLibrary([own, "/usr/lib/x86_64-linux-gnu/coexist"])
  }

  /// The folder of this tool's own file.
  static func executableFolder() -> String {
    guard let path = realpath("/proc/self/exe", nil) else { return "/usr/bin" }
    defer { free(path) }
    let text = String(cString: path)
    return String(text[..<(text.lastIndex(of: "/") ?? text.startIndex)])
  }
}
