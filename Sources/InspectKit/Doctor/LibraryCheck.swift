import CElf

/// D004: the library is there and is what it should be.
enum LibraryCheck {
  static func run(_ patient: Patient) -> [Finding] {
    do throws(Failure) {
      let path = try Preload.findLibrary(patient.surroundings)
      return [judge(path)]
    } catch {
      return [Finding("D004", .problem, error.message, remedy: error.help)]
    }
  }

  private static func judge(_ path: String) -> Finding {
    let shown = printable(path)
    guard let image = ElfImage(path), image.is64Bit, image.machine == UInt16(EM_X86_64) else {
      return Finding("D004", .problem, "\(shown) is no 64-bit x86 library")
    }
    guard image.exported.contains("sigaction") else {
      return Finding(
        "D004", .problem, "\(shown) is not libcoexist: it does not export sigaction",
        remedy: "check COEXIST_LIBRARY")
    }
    if shown.contains(where: { " :".contains($0) }) {
      let failure = Failure.badLibraryPath(path)
      return Finding("D004", .problem, failure.message, remedy: failure.help)
    }
    return Finding("D004", .good, "libcoexist.so at \(shown)")
  }
}
