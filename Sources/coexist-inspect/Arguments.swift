import InspectKit

/// A signal by name or number. Throws T112.
func signalNumber(_ text: String) throws(Failure) -> Int {
  guard let number = SignalNames.number(text) else { throw .noSignal(text) }
  return number
}

/// "0x…" as a number; nil for anything else.
func addressValue(_ text: String) -> UInt64? {
  guard text.lowercased().hasPrefix("0x") else { return nil }
  return UInt64(text.dropFirst(2), radix: 16)
}

/// The file that was named, else the one that a program started here would use; nil = defaults.
/// A file that is not trusted is not read: L010 says so.
func configurationPath(
  _ named: String?, _ surroundings: Surroundings, warn: Bool
) throws(Failure) -> String? {
  if let named { return surroundings.absolute(named) }
  guard let place = ConfigurationPlaces(surroundings).first else { return nil }
  if place.kind == .named, !place.exists { return place.path }
  guard let refused = place.refused else { return place.path }
  let failure = Failure(
    "L010", "\(printable(place.path)) is not read: \(refused).", help: "chmod go-w, or its owner",
    .configuration)
  if warn { writeError(failure.render(Style(), severity: "warning")) }
  return nil
}
