/// D015: a runtime that exports copies of names of other libraries among the program's.
enum SymbolClashCheck {
  static func run(_ patient: Patient) -> [Finding] { judge(patient.images) }

  static func judge(_ images: [ElfImage]) -> [Finding] {
    images.flatMap { runtime in
      KnownRuntime.bundled(by: shown(runtime)).flatMap { pattern -> [Finding] in
        let names = runtime.exported.filter { KnownRuntime.matches(pattern, $0) }
        return images.filter { $0.path != runtime.path }.compactMap { other in
          finding(pattern, names.intersection(other.exported).count, runtime, other)
        }
      }
    }
  }

  private static func finding(
    _ pattern: String, _ count: Int, _ runtime: ElfImage, _ other: ElfImage
  ) -> Finding? {
    guard count > 0 else { return nil }
    return Finding(
      "D015", .remark,
      "\(shown(runtime)) also exports \(plural(count, "name")) of \(shown(other)) (\(pattern))",
      note: "coexist binds whoever needs \(shown(other)) to it")
  }

  private static func shown(_ image: ElfImage) -> String {
    printable(image.name ?? image.path.split(separator: "/").last.map(String.init) ?? image.path)
  }
}
