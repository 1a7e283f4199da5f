import CInspect

/// One page of the table of message codes.
public struct MessageCode: Sendable, Equatable {
  public let code: String
  public let title: String
  public let explanation: String
  public let remedy: String

  /// Every code, in the order of the tables.
  public static let all: [MessageCode] = {
    var result: [MessageCode] = []
    while let entry = inspect_code_at(result.count) {
      result.append(
        MessageCode(
          code: String(cString: entry.pointee.code), title: String(cString: entry.pointee.title),
          explanation: String(cString: entry.pointee.explanation),
          remedy: String(cString: entry.pointee.remedy)))
    }
    return result
  }()

  /// Whether a word is written like a code: a letter and three digits.
  public static func looksLikeCode(_ text: String) -> Bool {
    let letters = Array(text.utf8)
    return letters.count == 4 && (65...90).contains(letters[0] & 0xDF)
      && letters.dropFirst().allSatisfy { (48...57).contains($0) }
  }

  /// Throws T113 with the nearest code.
  public static func find(_ text: String) throws(Failure) -> MessageCode {
    let wanted = text.uppercased()
    guard let found = all.first(where: { $0.code == wanted }) else {
      throw .noCode(text, known: all.map(\.code))
    }
    return found
  }
}
