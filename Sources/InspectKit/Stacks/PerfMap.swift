import Glibc

/// Names of generated code, as runtimes write them for perf(1): `START SIZE NAME` in hexadecimal,
/// one line each, in perf-PID.map of the process's temporary folder (linux
/// tools/perf/Documentation/jit-interface.txt). What stands later in the file is newer code.
struct PerfMap {
  struct Entry: Equatable {
    let low: UInt64
    let high: UInt64
    let name: String
  }

  /// Sorted by address; of two that overlap the newer one is first asked.
  private let entries: [Entry]
  /// Length of the longest: how far back one that holds an address can begin.
  private let longest: UInt64
  static let limit = 256 << 20

  var isEmpty: Bool { entries.isEmpty }

  init(_ bytes: [UInt8]) {
    var read: [Entry] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      guard words.count == 3, let low = PerfMap.value(words[0]), let size = PerfMap.value(words[1]),
        size > 0, low <= UInt64.max - size
      else { continue }
      let name = printable(String(decoding: words[2], as: UTF8.self))
      read.append(Entry(low: low, high: low + size, name: name))
    }
    longest = read.reduce(0) { max($0, $1.high - $1.low) }
    entries = read.enumerated().sorted { ($0.1.low, $0.0) < ($1.1.low, $1.0) }.map(\.1)
  }

  /// The map of a process; empty if there is none, or if it is older than the process.
  init(pid: Int, owner: UInt32, startedNs: UInt64) {
    let inner = PerfMap.innerNumber(pid) ?? pid
    let places = ["/proc/\(pid)/root" + "/tmp/perf-\(inner).map", "/tmp/perf-\(pid).map"]
    for path in places {
      var status = stat()
      guard stat(path, &status) == 0, status.st_uid == owner || status.st_uid == 0,
        UInt64(clamping: status.st_mtim.tv_sec) >= startedNs / 1_000_000_000,
        let bytes = try? contents(of: path, limit: PerfMap.limit)
      else { continue }
      self.init(bytes)
      return
    }
    self.init([])
  }

  func entry(holding address: UInt64) -> Entry? {
    var first = 0
    var end = entries.count
    while first < end {
      let middle = (first + end) / 2
      if entries[middle].low <= address { first = middle + 1 } else { end = middle }
    }
    while first > 0 {
      first -= 1
      if address < entries[first].high { return entries[first] }
      if address - entries[first].low > longest { return nil }
    }
    return nil
  }

  /// HotSpot writes 0x before its numbers, others do not.
  private static func value(_ word: ArraySlice<UInt8>) -> UInt64? {
    number(word.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) ? word.dropFirst(2) : word)
  }

  /// The number by which the process knows itself: the last of NSpid.
  private static func innerNumber(_ pid: Int) -> Int? {
    guard let status = try? text(of: "/proc/\(pid)/status", limit: 1 << 16) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("NSpid:") }
    return line?.split(whereSeparator: { $0 == "\t" || $0 == " " }).last.flatMap { Int($0) }
  }
}
