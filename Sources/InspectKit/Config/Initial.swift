import CCoexist
import Glibc

/// The files that `config init` and `config schema` give.
public enum Initial {
  /// A commented configuration with every key at its default.
  public static var template: String { String(cString: coexist_config_template()) }

  /// The draft-07 schema of the configuration.
  public static var schema: String { String(cString: coexist_config_schema()) }

  /// Writes the template. Throws T116 if the file exists and `force` is not given.
  public static func write(to path: String, force: Bool) throws(Failure) {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL)
    let descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else { throw .cannotWrite(path, FileError(number: errno)) }
    defer { close(descriptor) }
    var rest = Array(template.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw .cannotWrite(path, FileError(number: errno)) }
      rest = rest.dropFirst(written)
    }
  }
}
