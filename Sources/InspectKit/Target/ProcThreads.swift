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
  /// The text of /proc/PID/task/TID/status; nil = it has no name, so it is no such text.
  init?(status bytes: UnsafeRawBufferPointer) {
    var found = false
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      if line.starts(with: "Name:\t".utf8) {
        name = printable(String(decoding: line.dropFirst(6), as: UTF8.self))
        found = true
      } else if line.starts(with: "State:\t".utf8) {
        state =
          State(rawValue: String(decoding: line.dropFirst(7).prefix(1), as: UTF8.self)) ?? .other
      } else if line.starts(with: "SigBlk:\t".utf8) {
        blocked = number(line.dropFirst(8), radix: 16) ?? 0
      }
    }
    guard found else { return nil }
  }
}

private func number(_ digits: some Collection<UInt8>, radix: Int) -> UInt64? {
  UInt64(String(decoding: digits, as: UTF8.self), radix: radix)
}
