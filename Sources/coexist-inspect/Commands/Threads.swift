import ArgumentParser
import InspectKit

struct Threads: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "threads",
    abstract: "Who made each thread, what it does and blocks, which collectors know it.",
    discussion: """
      STATE, BLOCKED: the kernel's, so of a running process only. What a
      runtime blocks although another needs it is blocked for that runtime,
      not in the kernel.
      STACK: its size; where it lies: coexist-inspect stacks.
      ALT STACK: the one the kernel has; coexist's own where no runtime asked
      for one, or several.
      KNOWN TO: collectors that stop the thread themselves; the others are
      shown its stack.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var look: LookOptions

  func run() throws {
    try look.show("threads", ThreadsReport.init) { report, style in report.render(style) }
  }
}
