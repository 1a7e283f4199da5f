/// D011: which runtimes the program brings with it, by the library's own catalogue.
enum RuntimesCheck {
  static func run(_ patient: Patient) -> [Finding] {
    guard patient.program != nil else { return [] }
    let found = recognise(patient.images)
    if found.isEmpty {
      return [
        Finding(
          "D011", .good, "no runtime among its libraries", note: "later ones are recognised then")
      ]
    }
    let list = found.map { "\($0.name) (\($0.evidence))" }.joined(separator: ", ")
    return [Finding("D011", .good, "runtimes found: \(list)", note: "more may be opened later")]
  }

  /// In the order of the catalogue, with what told.
  static func recognise(_ images: [ElfImage]) -> [(name: String, evidence: String)] {
    KnownRuntime.all.compactMap { entry in
      for image in images {
        let file = image.path.split(separator: "/").last.map(String.init) ?? image.path
        let name = printable(image.name ?? file)
        if let first = entry.libraries.first, KnownRuntime.matches(first, image.name ?? file) {
          return (entry.name, name)
        }
        if let symbol = entry.symbols.first(where: image.exported.contains) {
          return (entry.name, "\(symbol) in \(name)")
        }
        if let note = entry.note, image.notes.contains(note) {
          return (entry.name, "note in \(name)")
        }
      }
      return nil
    }
  }
}
