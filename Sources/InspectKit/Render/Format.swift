import Glibc

/// "31 204": digits in groups of three.
func grouped(_ value: UInt64) -> String {
  let digits = String(value)
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += " " }
    result.append(digit)
  }
  return result
}

/// Nanoseconds with a fitting unit: "400 ns", "1.9 µs", "12 ms", "3.2 s".
func duration(_ ns: UInt64) -> String {
  switch ns {
  case 0..<1_000: "\(ns) ns"
  case 0..<1_000_000: tenths(ns, 1_000) + " µs"
  case 0..<1_000_000_000: tenths(ns, 1_000_000) + " ms"
  default: tenths(ns, 1_000_000_000) + " s"
  }
}

/// One decimal below ten, none above.
private func tenths(_ value: UInt64, _ unit: UInt64) -> String {
  if value / unit >= 10 { return "\((value + unit / 2) / unit)" }
  let scaled = (value * 10 + unit / 2) / unit
  return "\(scaled / 10).\(scaled % 10)"
}

/// How long ago a moment was: "42s ago", or "42 s ago" where there is room.
func ago(_ then: UInt64, now: UInt64, short: Bool) -> String {
  let seconds = now > then ? (now - then) / 1_000_000_000 : 0
  let (value, brief, long): (UInt64, String, String) =
    switch seconds {
    case 0..<60: (seconds, "s", " s")
    case 0..<3_600: (seconds / 60, "m", " min")
    case 0..<172_800: (seconds / 3_600, "h", " h")
    default: (seconds / 86_400, "d", " days")
    }
  return "\(value)\(short ? brief : long) ago"
}

/// A moment in local time by a strftime(3) pattern.
func localTime(_ ns: UInt64, _ pattern: String) -> String { formatted(ns, pattern, localtime_r) }

func dateAndTime(_ ns: UInt64) -> String { localTime(ns, "%Y-%m-%d %H:%M:%S %Z") }

/// "23:41:07"
func clock(_ ns: UInt64) -> String { localTime(ns, "%H:%M:%S") }

/// "23:41:07.123456"
func preciseClock(_ ns: UInt64) -> String {
  let micros = String(ns / 1_000 % 1_000_000)
  return clock(ns) + "." + String(repeating: "0", count: 6 - micros.count) + micros
}

/// RFC 3339 in UTC, to the second.
func rfc3339(_ ns: UInt64) -> String { formatted(ns, "%Y-%m-%dT%H:%M:%SZ", gmtime_r) }

private func formatted(
  _ ns: UInt64, _ pattern: String,
  _ convert: (UnsafePointer<time_t>, UnsafeMutablePointer<tm>) -> UnsafeMutablePointer<tm>?
) -> String {
  var seconds = time_t(ns / 1_000_000_000)
  var parts = tm()
  guard convert(&seconds, &parts) != nil else { return "?" }
  var buffer = [CChar](repeating: 0, count: 64)
  let length = strftime(&buffer, buffer.count, pattern, &parts)
  return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Text broken at spaces to lines of at most `width` columns, each begun with `indent`.
func wrapped(_ text: String, width: Int, indent: String = "") -> [String] {
  var lines: [String] = []
  var line = indent
  for word in text.split(separator: " ") {
    if line.count > indent.count, line.count + 1 + word.count > width {
      lines.append(line)
      line = indent
    }
    line += (line.count > indent.count ? " " : "") + word
  }
  if line.count > indent.count { lines.append(line) }
  return lines
}

func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// The signals of a mask by name: "SIGPROF SIGVTALRM", "all but SIGSEGV", "–".
func maskText(_ names: [String]) -> String {
  if names.count <= 32 { return names.isEmpty ? "–" : names.joined(separator: " ") }
  // SIGKILL and SIGSTOP never can be in it, nor libc lets its own two.
  let lacking = (1...64).filter { ![9, 19, 32, 33].contains($0) }.map(SignalNames.name)
    .filter { !names.contains($0) }
  return "all" + (lacking.isEmpty ? "" : " but " + lacking.joined(separator: " "))
}
