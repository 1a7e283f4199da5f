import ArgumentParser
import InspectKit

struct Contexts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contexts",
    abstract: "Contexts of thread-local state: what each follows, and who is inside.",
    discussion: """
      HOST: stack, a fiber · explicit, entered by hand · task, a coroutine of
      Mojo's · virtual, a thread of a JVM. INSIDE: the thread, – for nobody, ?
      where it is not known. RESUMED, MOVED: how often a thread went on with
      it, and how often that was another one than before.
      With an id also its modules and who is shown its roots.
      Impact on the target: none. Tasks and virtual threads are published; who
      is inside the others is read from its memory, where that is permitted
      (process_vm_readv(2)).
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Argument(help: ArgumentHelp("The process, then a context.", valueName: "pid|name> [<id"))
  var words: [String] = []

  func validate() throws {
    if words.count > 2 { throw ValidationError("Give a process and a context at most.") }
    if let word = words.last, words.count == 2 || target.isGiven, UInt64(word) == nil {
      throw ValidationError("A context is named by its number.")
    }
  }

  func run() throws {
    let surroundings = Surroundings.current()
    // A lone word is the process, unless an option names that.
    let hasContext = words.count == 2 || target.isGiven
    let process = target.isGiven ? nil : words.first
    let subject = try target.subject(process, surroundings, command: "contexts", common)
    let only = hasContext ? words.last.flatMap { UInt64($0) } : nil
    let report = try ContextsReport(subject, only: only, surroundings)
    common.show(report, surroundings) { report.render($0) }
    try finish(subject, common, surroundings)
  }
}
