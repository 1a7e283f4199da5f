import Glibc

/// D013: what else is in LD_PRELOAD.
enum PreloadCheck {
  static func run(_ patient: Patient) -> [Finding] {
    let others = Preload.entries(patient.surroundings).filter { !Preload.isOurs($0) }
    return others.map { entry in
      let name = printable(entry.split(separator: "/").last ?? entry[...])
      if name.hasPrefix("libjsig.so") {
        return Finding(
          "D013", .remark, "LD_PRELOAD holds \(name)",
          note: "not needed: coexist does its work for every runtime",
          remedy: "remove it from LD_PRELOAD")
      }
      if name.hasPrefix("libSegFault.so") {
        return Finding(
          "D013", .remark, "LD_PRELOAD holds \(name)", note: "its report comes last in the chain")
      }
      if entry.contains("/"), access(entry, R_OK) != 0 {
        return Finding(
          "D013", .remark, "LD_PRELOAD holds \(printable(entry)), which is missing",
          remedy: "the loader prints an error and goes on; remove it from LD_PRELOAD")
      }
      return Finding(
        "D013", .remark, "LD_PRELOAD already holds \(name)", note: "kept, coexist goes first")
    }
  }
}
