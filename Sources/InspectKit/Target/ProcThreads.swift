import Glibc

/// What the kernel says of a thread while it runs on; nothing is stopped.
struct KernelThread: Equatable {
  /// As set by pthread_setname_np, printable.
  var name = ""
  var state = State.other
  /// Bit n-1 = signal n is blocked, in the kernel: coexist may keep from it what a runtime blocks.
  var blocked: UInt64 = 0

  /// The letters of /proc/PID/task/TID/status.
  enum State: String {
    case running = "R"
    case sleeping = "S"
    case waiting = "D"
    case stopped = "T"
    case traced = "t"
    case ended = "Z"
    case other = "?"
  }
}

extension Proc {
  /// By number; empty if the process has ended. One file a thread: a thousand have to be quick.
  static func threads(_ pid: Int) -> [Int: KernelThread] {
    files("status", ofThreadsOf: pid) { KernelThread(status: $0) }
  }

  /// Where each thread that sleeps has its stack, as the last but one word of
  /// /proc/PID/task/TID/syscall says (proc(5)); none of those that run.
  static func stackPointers(_ pid: Int) -> [Int: UInt64] {
    files("syscall", ofThreadsOf: pid) { bytes in
      let words = bytes.split(separator: UInt8(ascii: " "))
      guard words.count > 2 else { return nil }
      return number(words[words.count - 2].dropFirst(2), radix: 16)
    }
  }

  private static func files<Value>(
    _ file: String, ofThreadsOf pid: Int, _ read: (UnsafeRawBufferPointer) -> Value?
  ) -> [Int: Value] {
    let folder = "/proc/\(pid)/task"
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { return [:] }
    defer { close(opened) }
    var result: [Int: Value] = [:]
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { room in
      for name in names(in: folder) {
        guard let tid = Int(name) else { continue }
        let descriptor = openat(opened, name + "/" + file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { continue }
        let length = Glibc.read(descriptor, room.baseAddress!, room.count)
        close(descriptor)
        if length > 0 { result[tid] = read(UnsafeRawBufferPointer(rebasing: room[..<length])) }
      }
    }
    return result
  }
}

extension KernelThread {
  /// The text of /proc/PID/task/TID/status; nil = it has no name, so it is no such text. Looked
  /// through for three of its sixty lines: there may be a thousand such texts.
  init?(status text: UnsafeRawBufferPointer) {
    guard let name = KernelThread.value("Name:\t", in: text) else { return nil }
    self.name = printable(String(decoding: name, as: UTF8.self))
    let letter = KernelThread.value("\nState:\t", in: text)?.first
    state = letter.flatMap { State(rawValue: String(UnicodeScalar($0))) } ?? .other
    blocked = KernelThread.value("\nSigBlk:\t", in: text).flatMap { number($0, radix: 16) } ?? 0
  }

  /// From behind the key to the end of its line.
  private static func value(
    _ key: StaticString, in text: UnsafeRawBufferPointer
  ) -> Slice<UnsafeRawBufferPointer>? {
    let size = key.utf8CodeUnitCount
    guard let start = text.baseAddress, let found = memmem(start, text.count, key.utf8Start, size)
    else { return nil }
    let rest = text[(UnsafeRawPointer(found) - start + size)...]
    return rest.prefix { $0 != UInt8(ascii: "\n") }
  }
}

private func number(_ digits: some Collection<UInt8>, radix: Int) -> UInt64? {
  UInt64(String(decoding: digits, as: UTF8.self), radix: radix)
}
