/// D012: Go code that was built without cgo asks the kernel itself, where no preload sees it.
enum RawSystemCallsCheck {
  static func run(_ patient: Patient) -> [Finding] { judge(patient.images) }

  static func judge(_ images: [ElfImage]) -> [Finding] {
    images.filter { $0.notes.contains("Go") && !$0.imported.contains("sigaction") }
      .map { image in
        let file = image.path.split(separator: "/").last.map(String.init) ?? image.path
        return Finding(
          "D012", .problem,
          "\(printable(file)) was built without cgo: it calls rt_sigaction directly",
          remedy: "coexist cannot interpose a raw system call. Rebuild with CGO_ENABLED=1.")
      }
  }
}
