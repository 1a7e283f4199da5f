import Glibc

/// What /proc says of a process. Everything is nil when it does not exist or may not be read.
enum Proc {
  /// The numbers of all processes, zombies too.
  static var living: Set<Int> { Set(names(in: "/proc").compactMap { Int($0) }) }

  /// The process's start in clock ticks since boot; nil also for zombies, which run no code.
  static func startTicks(_ pid: Int) -> UInt64? {
    guard let line = try? text(of: "/proc/\(pid)/stat", limit: 4096),
      let end = line.lastIndex(of: ")")
    else { return nil }
    // The name before `)` may hold anything; the fields after it are separated by single spaces.
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return UInt64(fields[19])
  }

  static func owner(_ pid: Int) -> UInt32? {
    var status = stat()
    return stat("/proc/\(pid)", &status) == 0 ? status.st_uid : nil
  }

  static func name(_ pid: Int) -> String? {
    guard let line = try? text(of: "/proc/\(pid)/comm", limit: 256) else { return nil }
    return printable(line.hasSuffix("\n") ? line.dropLast() : line[...])
  }

  /// The arguments, printable.
  static func commandLine(_ pid: Int) -> [String]? {
    guard let bytes = try? contents(of: "/proc/\(pid)/cmdline", limit: 1 << 16), !bytes.isEmpty
    else { return nil }
    var parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    return parts.map { printable(String(decoding: $0, as: UTF8.self)) }
  }

  static func variables(_ pid: Int) -> [String: String]? {
    guard let bytes = try? contents(of: "/proc/\(pid)/environ") else { return nil }
    var result: [String: String] = [:]
    for entry in bytes.split(separator: 0) {
      let pair = entry.split(
        separator: UInt8(ascii: "="), maxSplits: 1,
        omittingEmptySubsequences: false)
      if pair.count == 2 {
        result[String(decoding: pair[0], as: UTF8.self)] = String(decoding: pair[1], as: UTF8.self)
      }
    }
    return result
  }

  /// Whether libcoexist.so is mapped.
  static func loadsLibrary(_ pid: Int) -> Bool? {
    guard let maps = try? contents(of: "/proc/\(pid)/maps", limit: 16 << 20) else { return nil }
    let name: StaticString = "/libcoexist.so"
    return maps.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while let start = rest.base.baseAddress,
        let found = memmem(
          start + rest.startIndex, rest.count, name.utf8Start, name.utf8CodeUnitCount)
      {
        rest = bytes[(UnsafeRawPointer(found) - start + name.utf8CodeUnitCount)...]
        // Only a file's name counts, not a folder's.
        let end = rest.first { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\n") }
        if end != UInt8(ascii: "/") { return true }
      }
      return false
    }
  }

  static func workingDirectory(_ pid: Int) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/\(pid)/cwd", &buffer, buffer.count)
    guard length > 0 else { return nil }
    return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// The login name of a user, or its number.
func userName(_ user: UInt32) -> String {
  guard let entry = getpwuid(user) else { return "user \(user)" }
  return printable(String(cString: entry.pointee.pw_name))
}
