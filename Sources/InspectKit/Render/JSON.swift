import FoundationEssentials

/// The stable output: sorted keys in snake_case, addresses as hexadecimal strings.
public func json(_ report: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  // Reports hold only strings, integers, flags and lists of those: encoding them cannot fail.
  guard let bytes = try? encoder.encode(report) else { return "{}" }
  return String(decoding: bytes, as: UTF8.self)
}

/// An error as JSON.
public struct ErrorReport: Encodable, Sendable {
  let schema = "coexist.error/1"
  let code: String
  let message: String
  let hint: String?

  public init(_ failure: Failure) {
    code = failure.code
    message = failure.message
    hint = failure.help
  }
}

/// Another tool's format, whose keys are as they are written.
func exactJSON(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let bytes = try? encoder.encode(value) else { return "{}" }
  return String(decoding: bytes, as: UTF8.self)
}
