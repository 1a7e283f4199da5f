import CInspect

/// The mappings of a process or core: where stacks end, and where code can be.
struct Mappings {
  struct Span: Equatable {
    let low: UInt64
    let high: UInt64
    let isCode: Bool
    /// Code of no file: somebody generated it. Not known of cores.
    var isGenerated = false
  }

  /// Sorted by address, without overlaps.
  let spans: [Span]

  init(_ spans: [Span]) { self.spans = spans.sorted { $0.low < $1.low } }

  /// /proc/PID/maps; nil if it may not be read.
  init?(pid: Int) {
    guard let maps = try? contents(of: "/proc/\(pid)/maps", limit: 64 << 20) else { return nil }
    self.init(maps.split(separator: UInt8(ascii: "\n")).compactMap(Span.init))
  }

  func span(holding address: UInt64) -> Span? {
    var first = 0
    var end = spans.count
    while first < end {
      let middle = (first + end) / 2
      if spans[middle].high <= address { first = middle + 1 } else { end = middle }
    }
    return first < spans.count && spans[first].low <= address ? spans[first] : nil
  }

  func isCode(_ address: UInt64) -> Bool { span(holding: address)?.isCode ?? false }

  func isGenerated(_ address: UInt64) -> Bool { span(holding: address)?.isGenerated ?? false }

  var forCopying: [inspect_span] { spans.map { inspect_span(low: $0.low, high: $0.high) } }
}

extension Mappings.Span {
  /// "LOW-HIGH rwxp OFFSET DEVICE INODE NAME". A thousand threads have thousands of such lines,
  /// most without code: only those with it are taken apart.
  init?(line: ArraySlice<UInt8>) {
    let blank = UInt8(ascii: " ")
    guard let dash = line.firstIndex(of: UInt8(ascii: "-")),
      let end = line[dash...].firstIndex(of: blank), end + 3 < line.endIndex,
      let low = number(line[..<dash]), let high = number(line[(dash + 1)..<end]), low < high
    else { return nil }
    self.low = low
    self.high = high
    isCode = line[end + 3] == UInt8(ascii: "x")
    isGenerated = isCode && line.split(separator: blank).count == 5
  }
}

/// A hexadecimal number without a prefix; nil for anything else. Perf maps have millions of them.
func number(_ digits: some Sequence<UInt8>) -> UInt64? {
  var value: UInt64 = 0
  var count = 0
  for digit in digits {
    switch digit {
    case 48...57: value = value << 4 | UInt64(digit - 48)
    case 97...102: value = value << 4 | UInt64(digit - 87)
    case 65...70: value = value << 4 | UInt64(digit - 55)
    default: return nil
    }
    count += 1
  }
  return count > 0 && count <= 16 ? value : nil
}
