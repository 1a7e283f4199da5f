/// D020: the configuration that a program started here would get.
enum ConfigurationCheck {
  static func run(_ patient: Patient) -> [Finding] {
    let places = ConfigurationPlaces(patient.surroundings)
    guard let place = places.first else {
      let why = places.disabled ? "COEXIST_CONFIG=none" : "no coexist-config.toml"
      return [Finding("D020", .good, why, note: "built-in defaults")]
    }
    let name = CheckReport.shown(place.path, patient.surroundings)
    if let refused = place.refused {
      return [
        Finding(
          "D020", .problem, "\(name) is not read: \(refused)", remedy: "chmod go-w \(name)")
      ]
    }
    do throws(Failure) {
      let report = try CheckReport(place.path, patient.surroundings)
      let level: Finding.Level =
        report.errors > 0 ? .problem : report.warnings > 0 ? .remark : .good
      let warnings = report.warnings > 0 ? ", \(plural(report.warnings, "warning"))" : ""
      return [
        Finding(
          "D020", level, name,
          note: "\(plural(report.keys, "key")), \(plural(report.errors, "error"))\(warnings)",
          remedy: level == .good ? nil : "coexist-inspect config check")
      ]
    } catch {
      return [Finding("D020", .problem, error.message, remedy: error.help)]
    }
  }
}
