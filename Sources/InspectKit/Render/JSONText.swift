/// Writes JSON, byte for byte as Foundation's JSONEncoder with sorted keys and slashes as they are
/// (a test compares them). That one took a third of the time of a report of a thousand threads: it
/// converts every key anew, and builds a tree before the text.
final class JSONText {
  enum Layout {
    /// On many lines, keys in snake_case.
    case report
    /// On one line, keys as they are.
    case exact
  }

  /// A key as it is sorted and as it is written.
  struct Name {
    let key: String
    let text: [UInt8]
  }

  /// A member begins here in `bytes`, and ends before the comma of the next.
  typealias Member = (name: Name, start: Int)

  private let layout: Layout
  // One thread writes, and nothing here calls back: to check that at each byte took a tenth.
  @exclusivity(unchecked) private var bytes: [UInt8] = []
  @exclusivity(unchecked) private var depth = 0
  @exclusivity(unchecked) private var names: [String: Name] = [:]

  init(_ layout: Layout) { self.layout = layout }

  /// Encoding cannot fail: reports hold only strings, integers, flags, and lists and structures of
  /// those.
  func write(_ value: some Encodable) -> String {
    append(value)
    return String(decoding: bytes, as: UTF8.self)
  }

  func append(_ value: some Encodable) {
    let node = JSONNode(self, keepsKeys: layout == .exact || value is any KeyedByText)
    try? value.encode(to: node)
    node.close()
  }

  func append(literal: StaticString) {
    literal.withUTF8Buffer { bytes += $0 }
  }

  func append(flag: Bool) { append(literal: flag ? "true" : "false") }

  func append(number: some FixedWidthInteger) { bytes += String(number).utf8 }

  func append(text: String) { JSONText.quote(text, &bytes) }
}

// MARK: Lists and objects

extension JSONText {
  func open(_ bracket: StaticString) {
    append(literal: bracket)
    depth += 1
  }

  /// The place of the next item, behind a comma unless it is the first.
  func item(isFirst: Bool) -> Int {
    if !isFirst { append(literal: ",") }
    let start = bytes.count
    newLine()
    return start
  }

  func close(_ bracket: StaticString, isEmpty: Bool) {
    if isEmpty, layout == .report { append(literal: "\n") }
    depth -= 1
    newLine()
    append(literal: bracket)
  }

  private func newLine() {
    guard layout == .report else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { append(literal: "  ") }
  }

  /// The key, where a member's value is written next.
  func name(_ key: String, keeps: Bool) -> Name {
    if let known = names[key], !keeps { return known }
    let shown = keeps ? key : JSONText.snakeCase(key)
    var text: [UInt8] = []
    JSONText.quote(shown, &text)
    text += (layout == .report ? " : " : ":").utf8
    let name = Name(key: shown, text: text)
    if !keeps { names[key] = name }
    return name
  }

  func append(_ name: Name) { bytes += name.text }

  /// Members were written as they came; now they are put in order.
  func sort(_ members: [Member]) {
    let sorted = members.indices.sorted { members[$0].name.key < members[$1].name.key }
    guard let first = members.first, !sorted.elementsEqual(members.indices) else { return }
    let written = Array(bytes[first.start...])
    bytes.removeSubrange(first.start...)
    for (place, index) in sorted.enumerated() {
      if place > 0 { append(literal: ",") }
      let next = index + 1 < members.count ? members[index + 1].start - 1 : nil
      let end = next.map { $0 - first.start } ?? written.count
      bytes += written[(members[index].start - first.start)..<end]
    }
  }
}

// MARK: Words

extension JSONText {
  /// "sinceNs" → "since_ns": a capital begins a word, of several in a row the last.
  static func snakeCase(_ key: String) -> String {
    let letters = Array(key.utf8)
    var result: [UInt8] = []
    for (index, letter) in letters.enumerated() {
      guard isCapital(letter) else {
        result.append(letter)
        continue
      }
      let afterCapital = index > 0 && isCapital(letters[index - 1])
      let beforeSmall = index + 1 < letters.count && !isCapital(letters[index + 1])
      if index > 0, !afterCapital || beforeSmall { result.append(UInt8(ascii: "_")) }
      result.append(letter | 0x20)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isCapital(_ letter: UInt8) -> Bool { (65...90).contains(letter) }

  private static func quote(_ text: String, _ result: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    var text = text
    result.append(quote)
    text.withUTF8 { letters in
      if letters.contains(where: { $0 < 0x20 || $0 == quote || $0 == UInt8(ascii: "\\") }) {
        for letter in letters { escape(letter, &result) }
      } else {
        result += letters
      }
    }
    result.append(quote)
  }

  private static func escape(_ letter: UInt8, _ result: inout [UInt8]) {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), letter]
    case 0x08: result += "\\b".utf8
    case 0x09: result += "\\t".utf8
    case 0x0A: result += "\\n".utf8
    case 0x0C: result += "\\f".utf8
    case 0x0D: result += "\\r".utf8
    case 0..<0x20: result += ("\\u" + hexadecimal(UInt64(letter), width: 4)).utf8
    default: result.append(letter)
    }
  }
}

/// A dictionary's keys are data, and stay as they are.
protocol KeyedByText {}
extension Dictionary: KeyedByText where Key == String {}
