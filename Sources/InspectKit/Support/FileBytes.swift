import Glibc

/// Why a file could not be read, as errno says.
struct FileError: Error, Equatable {
  let number: Int32
  var text: String { String(cString: strerror(number)) }
}

/// An open regular file. Read with pread only: mapping it would let whoever truncates it kill us.
final class OpenFile {
  let descriptor: Int32
  let owner: UInt32
  let mode: UInt32

  /// Opens without blocking on FIFOs; anything but a regular file is EINVAL.
  init(_ path: String, followLinks: Bool = true) throws(FileError) {
    // Opening a device can do something already, so the path is looked at first.
    var before = stat()
    if stat(path, &before) == 0, before.st_mode & S_IFMT != S_IFREG {
      throw FileError(number: EINVAL)
    }
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (followLinks ? 0 : O_NOFOLLOW)
    let opened = open(path, flags)
    guard opened >= 0 else { throw FileError(number: errno) }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw FileError(number: EINVAL)
    }
    descriptor = opened
    owner = status.st_uid
    mode = status.st_mode
  }

  deinit { close(descriptor) }

  /// In bytes, now: the file may grow or shrink while it is read.
  var currentSize: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Up to `count` bytes from `offset`; fewer at the end of the file or after an error.
  func read(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// The same into memory that is there; how many bytes.
  func read(at offset: Int, into memory: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < memory.count {
      let got = pread(
        descriptor, memory.baseAddress! + filled, memory.count - filled, offset + filled)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { break }
      filled += got
    }
    return filled
  }
}

/// The whole content of a small file, also of /proc, whose files have no size. At most `limit`
/// bytes.
func contents(of path: String, limit: Int = 1 << 20) throws(FileError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
  guard descriptor >= 0 else { throw FileError(number: errno) }
  defer { close(descriptor) }
  var result: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while result.count < limit {
    let got = read(descriptor, &chunk, min(chunk.count, limit - result.count))
    if got < 0, errno == EINTR { continue }
    guard got >= 0 else { throw FileError(number: errno) }
    if got == 0 { break }
    result += chunk[..<got]
  }
  return result
}

/// The same as text; wrong UTF-8 is repaired.
func text(of path: String, limit: Int = 1 << 20) throws(FileError) -> String {
  String(decoding: try contents(of: path, limit: limit), as: UTF8.self)
}

func exists(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0
}
