import CInspect
import Glibc

/// A thread's registers and the live part of its stack, at one moment.
struct ThreadCopy {
  static let sp = 7
  static let fp = 6
  static let pc = 16

  var tid = 0
  var name = ""
  /// rax … r15 and rip, as DWARF numbers them.
  var registers = [UInt64](repeating: 0, count: Int(INSPECT_REGISTERS))
  /// Address of the first byte of `stack`.
  var start: UInt64 = 0
  var stack: [UInt8] = []
  /// How long it stood still for us; 0 in a core.
  var stoppedNs: UInt64 = 0
}

/// Where threads and memory come from: a process or a core.
protocol ThreadSource: AnyObject {
  var mappings: Mappings { get }
  var tids: [Int] { get }
  /// Whether a thread could not be copied because tracing is not permitted.
  var isRefused: Bool { get }
  /// nil if the thread is gone, does not stop, or may not be traced.
  func copy(_ tid: Int) -> ThreadCopy?
  /// Fewer bytes than asked for where nothing is mapped.
  func memory(at address: UInt64, count: Int) -> [UInt8]
}

/// The threads of a running process, by ptrace(2): each stands still for microseconds.
final class LiveThreads: ThreadSource {
  /// Deeper parts of a stack are read while the thread runs on; its outermost frames rarely change.
  private static let room = 256 << 10

  private let pid: Int
  let mappings: Mappings
  private let spans: [inspect_span]
  private var buffer = [UInt8](repeating: 0, count: LiveThreads.room)
  private(set) var isRefused = false

  init(pid: Int) throws(Failure) {
    guard let mappings = Mappings(pid: pid) else { throw .notTraceable(pid) }
    self.pid = pid
    self.mappings = mappings
    spans = mappings.forCopying
  }

  var tids: [Int] { names(in: "/proc/\(pid)/task").compactMap { Int($0) }.sorted() }

  func copy(_ tid: Int) -> ThreadCopy? {
    var copy = ThreadCopy()
    let error = buffer.withUnsafeMutableBufferPointer { buffer in
      var raw = inspect_thread()
      raw.stack = buffer.baseAddress
      raw.room = buffer.count
      let error = inspect_copy_thread(
        Int32(clamping: pid), Int32(clamping: tid), spans, spans.count, &raw)
      guard error == 0 else { return error }
      withUnsafeBytes(of: &raw.registers) { copy.registers = Array($0.bindMemory(to: UInt64.self)) }
      copy.start = raw.start
      copy.stack = Array(buffer[..<raw.size])
      copy.stoppedNs = raw.stopped_ns
      return 0
    }
    if error == EPERM { isRefused = true }
    guard error == 0 else { return nil }
    copy.tid = tid
    copy.name = threadName(tid)
    return copy
  }

  func memory(at address: UInt64, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { to, filled in
      filled = max(0, inspect_read_memory(Int32(clamping: pid), address, to.baseAddress, count))
    }
  }

  private func threadName(_ tid: Int) -> String {
    let name = (try? text(of: "/proc/\(pid)/task/\(tid)/comm", limit: 64)) ?? ""
    return printable(name.hasSuffix("\n") ? name.dropLast() : name[...])
  }
}
