/// What `config path` answers: where a configuration may be, and which one is used.
public struct PathReport: Encodable, Sendable {
  let schema = "coexist.config_path/1"
  let used: String?
  let disabled: Bool
  let places: [ConfigurationPlaces.Place]

  public init(_ places: ConfigurationPlaces) {
    self.places = places.places
    used = places.used.map { printable($0.path) }
    disabled = places.disabled
  }

  public func render(_ style: Style) -> String {
    if disabled { return "COEXIST_CONFIG=none: no file is used, the built-in defaults apply." }
    var found = false
    var lines = places.map { place in
      let mark: String
      if !place.exists {
        mark = "–"
      } else if found {
        mark = "  not read: the first counts"
      } else {
        found = true
        mark = place.refused.map { style(.yellow, "not read: \($0)") } ?? style(.green, "used")
      }
      return "  \(printable(place.path))  \(mark)"
    }
    if used == nil { lines.append("The built-in defaults are used.") }
    return lines.joined(separator: "\n")
  }
}
