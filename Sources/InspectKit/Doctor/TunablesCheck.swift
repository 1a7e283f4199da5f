/// D021: room for containers, when the configuration has some.
enum TunablesCheck {
  static func run(_ patient: Patient) -> [Finding] {
    let surroundings = patient.surroundings
    guard let place = ConfigurationPlaces(surroundings).used else { return [] }
    let count = Tunables.containers(in: place.path)
    guard count > 0 else { return [] }
    let missing = Tunables.missing(surroundings)
    let title = "room for \(plural(count, "container"))"
    if missing.isEmpty { return [Finding("D021", .good, title, note: "GLIBC_TUNABLES is set")] }
    let value = Tunables.value(for: place.path, surroundings) ?? ""
    return [
      Finding(
        "D021", .remark, title, note: "glibc's reserve is its default",
        remedy: "coexist-inspect run sets it; by hand: GLIBC_TUNABLES=\(printable(value))")
    ]
  }
}
