/// D014: sanitizers want to be first and replace sigaction themselves.
enum SanitizerCheck {
  private static let marks = [
    "__asan_init": "AddressSanitizer", "__tsan_init": "ThreadSanitizer",
    "__msan_init": "MemorySanitizer",
  ]

  static func run(_ patient: Patient) -> [Finding] { judge(patient.images) }

  static func judge(_ images: [ElfImage]) -> [Finding] {
    let names = Set(
      images.flatMap { image in marks.filter { image.exported.contains($0.key) }.values })
    guard !names.isEmpty else { return [] }
    // A shared runtime checks that it is the first library, and gives up if it is not.
    let isShared = images.contains { image in
      ["libasan.so", "libtsan.so"].contains { image.name?.hasPrefix($0) == true }
    }
    return [
      Finding(
        "D014", isShared ? .problem : .remark,
        "built with \(names.sorted().joined(separator: ", "))",
        note: "the sanitizer reports crashes itself",
        remedy: isShared
          ? "it refuses to start behind another preloaded library: "
            + "ASAN_OPTIONS=verify_asan_link_order=0, or run the ordinary build" : nil)
    ]
  }
}
