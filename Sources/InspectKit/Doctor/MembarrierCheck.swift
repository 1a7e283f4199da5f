import CInspect

/// D002: membarrier(2), which makes liburcu's readers free.
enum MembarrierCheck {
  static func run(_ patient: Patient) -> [Finding] { [judge(inspect_membarrier_query())] }

  /// `bits`: the supported commands, -1 = no such system call.
  static func judge(_ bits: Int32) -> Finding {
    if inspect_membarrier_is_expedited(bits) != 0 {
      return Finding("D002", .good, "membarrier(2)", note: "private expedited")
    }
    return Finding(
      "D002", .remark, "membarrier(2) is missing",
      note: "readers pay for their own barriers; everything works",
      remedy: "Linux 4.14 and later have it; a seccomp filter may forbid it.")
  }
}
