import ArgumentParser
import InspectKit

struct Stacks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stacks",
    abstract: "Stack bounds each collector sees; --trace for mixed stacks.",
    discussion: """
      KNOWN TO: collectors that stop the thread and scan it themselves. SHOWN
      TO: collectors that coexist shows its stack, registers and thread-local
      blocks.
      --trace shows the frames of every thread, whose each is, and where one
      runtime calls another. Generated code is named by perf-PID.map, where
      the runtime writes one: HotSpot by jcmd PID Compiler.perfmap, Node.js by
      --perf-basic-prof, .NET by DOTNET_PerfMapEnabled=1.
      Impact on the target: none; with --trace each thread stands still for
      some microseconds while its stack is copied, as for a debugger.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var target: TargetOptions

  @Flag(help: "The frames of each thread.")
  var trace = false

  @Option(help: ArgumentHelp("Only this thread; with --trace.", valueName: "tid"))
  var thread: Int?

  @Flag(help: "As one line a stack, for flamegraph.pl and others; means --trace.")
  var collapsed = false

  @Flag(help: "As a file for speedscope; means --trace.")
  var speedscope = false

  @Argument(help: ArgumentHelp("The process.", valueName: "pid|name"))
  var process: String?

  func validate() throws {
    if [collapsed, speedscope, common.json].count(where: { $0 }) > 1 {
      throw ValidationError("Give one of --collapsed, --speedscope and --json.")
    }
    if thread != nil, !isTrace { throw ValidationError("--thread goes with --trace.") }
  }

  private var isTrace: Bool { trace || collapsed || speedscope }

  func run() throws {
    let surroundings = Surroundings.current()
    let subject = try target.subject(process, surroundings, command: "stacks", common)
    if isTrace {
      let report = try TraceReport(subject, only: thread, surroundings)
      if collapsed {
        print(report.collapsed())
      } else if speedscope {
        print(report.speedscope())
      } else {
        common.show(report, surroundings) { report.render($0) }
      }
    } else {
      let report = StacksReport(subject, surroundings)
      common.show(report, surroundings) { report.render($0) }
    }
    try finish(subject, common, surroundings)
  }
}
