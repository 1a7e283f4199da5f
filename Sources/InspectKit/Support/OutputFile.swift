import Glibc

/// Writes a file that the user named, and the folder above it if that is missing. Throws T116 if it
/// exists and `force` is not given, or cannot be written.
public func writeFile(_ text: String, to path: String, force: Bool = true) throws(Failure) {
  if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
    makeFolder(String(path[..<slash]))
  }
  let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL)
  let descriptor = open(path, flags, 0o644)
  guard descriptor >= 0 else { throw .cannotWrite(path, FileError(number: errno)) }
  defer { close(descriptor) }
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if written < 0, errno == EINTR { continue }
    guard written > 0 else { throw .cannotWrite(path, FileError(number: errno)) }
    rest = rest.dropFirst(written)
  }
}

/// Makes a folder and those above it. What cannot be made is told by whoever then opens a file.
private func makeFolder(_ path: String) {
  if mkdir(path, 0o755) == 0 || errno != ENOENT { return }
  guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
  makeFolder(String(path[..<slash]))
  mkdir(path, 0o755)
}
