/// The stable output: sorted keys in snake_case, addresses as hexadecimal strings.
public func json(_ report: some Encodable) -> String { JSONText(.report).write(report) }

/// Another tool's format, whose keys are as they are written.
func exactJSON(_ value: some Encodable) -> String { JSONText(.exact).write(value) }

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
