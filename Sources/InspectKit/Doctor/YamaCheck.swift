/// D003: who may read the memory maps of a process, which symbols need.
enum YamaCheck {
  static func run(_ patient: Patient) -> [Finding] {
    let file = "/proc/sys/kernel/yama/ptrace_scope"
    return [judge(try? text(of: file, limit: 16))]
  }

  /// `text`: what the file holds; nil = a kernel without Yama.
  static func judge(_ text: String?) -> Finding {
    guard let text, let level = text.utf8.first.map({ Int($0) - 48 }), level > 0 else {
      return Finding("D003", .good, "memory maps of your processes can be read")
    }
    return Finding(
      "D003", .remark, "kernel.yama.ptrace_scope = \(level)",
      note: "symbols may be missing; the state file works",
      remedy: level > 1 ? "look as root where symbols matter" : nil)
  }
}
