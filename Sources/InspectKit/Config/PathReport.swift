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
    var table = TextTable([.init(title: "FILE"), .init(title: "READ")])
    var found = false
    for place in places {
      let mark: String
      if !place.exists {
        mark = place.kind == .named ? "missing" : "–"
      } else if found {
        mark = "no: the first counts"
      } else {
        found = true
        mark = place.refused.map { "no: \($0)" } ?? "used"
      }
      table.add([printable(place.path), mark], look: mark == "used" ? .bold : nil)
    }
    let note = used == nil ? ["The built-in defaults are used."] : []
    return (table.render(style) + note).joined(separator: "\n")
  }
}
