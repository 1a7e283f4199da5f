// A Swift dynamic library: loading it brings the Swift runtime with its crash handlers.

struct Refused: Error {}

@inline(never)
func refuse(_ value: Int) throws -> Int {
  if value == 3 { throw Refused() }
  return value
}

/// Returns 0 when an error that was thrown is caught and what came before it is right.
@_cdecl("swift_basic")
public func swiftBasic() -> Int32 {
  var sum = 0
  do {
    for value in 0..<10 { sum += try refuse(value) }
  } catch {
    return error is Refused && sum == 3 && "\(sum)" == "3" ? 0 : 1
  }
  return 2
}
