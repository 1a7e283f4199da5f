import ArgumentParser
import InspectKit

struct Top: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Live view.",
    discussion: """
      Keys: q ends it, s sorts by another column, p pauses. Without a terminal
      one picture is printed, as with --once.
      Impact on the target: none. The tool reads a page the library publishes.
      """)

  @OptionGroup var look: LookOptions

  @Flag(help: "One picture, then end.")
  var once = false

  @Option(help: ArgumentHelp("Time between two pictures, at least 100.", valueName: "ms"))
  var every = 1000

  func validate() throws {
    if every < 100 { throw ValidationError("--every is at least 100 milliseconds.") }
    if look.common.json { throw ValidationError("top is for people; status --json is for tools.") }
  }

  func run() throws {
    let first = try subject()
    // What is not a running process does not change.
    guard !once, first.life == .running, let terminal = Terminal() else {
      let surroundings = Surroundings.current()
      let screen = TopScreen(first, before: nil, elapsed: 0, surroundings)
      print(screen.render(look.common.style(surroundings), order: .delivered))
      return try finish(first, look.common, surroundings)
    }
    try watch(first, terminal)
  }

  private func subject() throws -> Subject {
    try look.target.subject(
      look.process, Surroundings.current(), command: "top", look.common)
  }

  private func watch(_ first: Subject, _ terminal: Terminal) throws {
    var order = TopScreen.Order.rate
    var isPaused = false
    var (last, before): (Subject, Subject?) = (first, nil)
    var times: (last: UInt64, before: UInt64) = (Surroundings.current().now, 0)
    while true {
      let surroundings = Surroundings.current()
      let screen = TopScreen(
        last, before: before, elapsed: times.last &- times.before, surroundings)
      let keys = "q end   s sort: \(order.rawValue)   p " + (isPaused ? "go on (paused)" : "pause")
      terminal.show(
        screen.render(
          look.common.style(surroundings), order: order, rows: terminal.rows, footer: keys))
      switch terminal.key(within: Int32(clamping: every)) {
      case UInt8(ascii: "q"): return
      case UInt8(ascii: "s"): order = order.next
      case UInt8(ascii: "p"): isPaused.toggle()
      case .some: break
      case nil where isPaused: break
      case nil:
        let next = try Selection.pid(last.state.pid).resolve(surroundings, command: "top")
        (before, last) = (last, next)
        times = (surroundings.now, times.last)
        if next.life != .running { return }
      }
    }
  }
}
