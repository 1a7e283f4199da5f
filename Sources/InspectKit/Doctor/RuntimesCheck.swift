/// D011: which runtimes the program brings with it, by the library's own catalogue and the
/// configuration that it would be started with.
enum RuntimesCheck {
  static func run(_ patient: Patient) -> [Finding] {
    guard patient.program != nil else { return [] }
    let found = recognise(patient.images, patient.configuration?.known ?? [])
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
  static func recognise(
    _ images: [ElfImage], _ configured: [KnownRuntime]
  ) -> [(name: String, evidence: String)] {
    let entries = KnownRuntime.all(configured)
    let found = images.compactMap { image -> (entry: KnownRuntime, evidence: String)? in
      let file = image.path.split(separator: "/").last.map(String.init) ?? image.path
      return KnownRuntime.recognise(image, as: printable(image.name ?? file), among: entries)
    }
    return entries.compactMap { entry in
      found.first { $0.entry == entry }.map { (entry.name, $0.evidence) }
    }
  }
}
