import Foundation
import Testing

@testable import InspectKit

/// The real tool: every error code provoked, exit statuses, and the wording that users see.
@Suite(.serialized)
struct CommandTests {
  let scratch = Scratch()

  private func run(_ arguments: String..., with more: [String: String] = [:]) throws -> ToolRun {
    let result = try ToolRun(arguments, in: scratch, more)
    #expect(!result.died, "\(arguments)")
    return result
  }

  private func expect(
    _ run: ToolRun, _ status: Int32, _ message: String,
    location: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == status, "\(run.errors)", sourceLocation: location)
    #expect(
      run.errors.replacingOccurrences(of: scratch.path, with: "DIR").contains(message),
      "\(run.errors)", sourceLocation: location)
  }

  @Test func nothingRuns() throws {
    expect(
      try run(), 69,
      "No process under libcoexist for user \(geteuid()). Start one: coexist-inspect run -- PROGRAM"
    )
    expect(try run("status"), 69, "No process under libcoexist")
  }

  @Test func usage() throws {
    expect(try run("sigals", "1"), 64, "error: no subcommand 'sigals'. Did you mean 'signals'?")
    expect(try run("status", "--jso"), 64, "Did you mean '--json'?")
    expect(try run("signals", "1", "2", "3"), 64, "Give a process and a signal at most.")
    expect(try run("status", "1", "--state", "x"), 64, "Name the process once.")
    #expect(try run("--help").status == 0)
    #expect(try run("--version").output == "0.1.0\n")
    #expect(try run("explain", "--help").output.contains("explain 0xADDR"))
  }

  @Test func targets() throws {
    expect(try run("status", "9999999"), 69, "error[T101]: process 9999999 does not exist.")
    let bystander = Process()
    bystander.executableURL = URL(fileURLWithPath: "/bin/sleep")
    bystander.arguments = ["60"]
    bystander.environment = [:]
    try bystander.run()
    defer { bystander.terminate() }
    let pid = bystander.processIdentifier
    expect(
      try run("status", "\(pid)"), 69,
      "error[T102]: process \(pid) (sleep) does not run under libcoexist.\n"
        + "   = help: start it with: coexist-inspect run -- sleep")
    // A file of the library's name in a process's memory, and no state: that is another answer.
    let own = ProcessInfo.processInfo.processIdentifier
    let descriptor = open(scratch.file("libcoexist.so", "x"), O_RDONLY)
    let mapping = mmap(nil, 1, PROT_READ, MAP_PRIVATE, descriptor, 0)
    expect(try run("status", "\(own)"), 69, "error[T107]: process \(own) (")
    munmap(mapping, 1)
    close(descriptor)
    expect(try run("status", "nobody"), 69, "error[T104]: no process named 'nobody'")
    expect(
      try run("status", "--state", "no"), 69, "error[T108]: DIR/no could not be opened: No such")
    expect(try run("status", "--core", "."), 69, "error[T108]: DIR/. could not be opened: it is no")
  }

  @Test func files() throws {
    _ = scratch.file("noise", "this is no state file at all")
    expect(try run("status", "--state", "noise"), 65, "error[T106]: DIR/noise is no state file")
    expect(try run("status", "--core", "noise"), 65, "error[T111]: DIR/noise is not a core file.")
    let state = SyntheticState()
    writeFile(Array(state.bytes[..<1024]), scratch.path + "/cut")
    expect(try run("list"), 69, "No process")
    expect(try run("signals", "--state", "cut"), 65, "error[T106]: DIR/cut is cut short: it has")
    state.raw.pointee.version = 3
    state.write(to: scratch.path + "/new")
    expect(
      try run("status", "--state", "new"), 69,
      "error[T110]: this state page has version 3; coexist-inspect 0.1.0 reads 1.")
  }

  @Test func damageIsSaidAfterTheAnswer() throws {
    let state = SyntheticState()
    state.raw.pointee.region_table = 99
    state.write(to: scratch.path + "/odd")
    let result = try run("signals", "--state", "odd")
    expect(result, 65, "warning[T115]: 1 records of the state are damaged")
    #expect(result.output.contains("SIGSEGV"))
  }

  @Test func notYours() throws {
    guard geteuid() != 0 else { return }
    expect(
      try run("status", "1"), 77, "error[T103]: you may not look at process 1 (owned by root).")
  }

  @Test func explainArguments() throws {
    SyntheticState().write(to: scratch.path + "/s")
    expect(
      try run("explain", "SIGSEGB", "--state", "s"), 64,
      "error[T112]: there is no signal 'SIGSEGB'. Did you mean 'SIGSEGV'?")
    expect(
      try run("explain", "W200"), 64,
      "error[T113]: there is no message code 'W200'. Did you mean 'W20")
    expect(
      try run("contexts", "--state", "s", "7"), 69,
      "error[T121]: no context 7 lives in process 9999999.")
    expect(try run("contexts", "--state", "s", "x"), 64, "A context is named by its number.")
    expect(try run("explain", "0x10", "--state", "s"), 69, "error[T114]: 0x10 is in no mapping")
    #expect(try run("explain", "0x7f2900000010", "--state", "s").output.contains("Owner    jvm"))
    #expect(try run("signals", "11", "--state", "s").output.contains("1 jvm  0x7f2a20001000"))
    #expect(try run("signals", "--state", "s", "--all").output.contains("SIGRTMAX"))
    #expect(try run("containers", "--state", "s", "--no-legend").output.hasPrefix("old  "))
    #expect(try run("signals", "--state", "s", "--no-legend").output.hasPrefix("SIGINT"))
  }

  @Test func statusCheck() throws {
    let state = SyntheticState()
    state.write(to: scratch.path + "/good")
    state.raw.pointee.settings.mode = 0
    state.write(to: scratch.path + "/off")
    #expect(try run("status", "--check", "-q", "--state", "good").status == 0)
    let off = try run("status", "--check", "-q", "--state", "off")
    #expect(off.status == 1 && off.output.isEmpty)
  }

  @Test func errorsAsJSON() throws {
    for arguments in [
      ["status", "9999999", "--json"], ["sigals", "--json"], ["status", "--json", "-Z"],
    ] {
      let result = try ToolRun(arguments, in: scratch)
      let object =
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      #expect(object?["schema"] as? String == "coexist.error/1")
      #expect(result.errors.isEmpty)
    }
  }

  @Test func colourRules() throws {
    SyntheticState().write(to: scratch.path + "/s")
    let arguments = ["status", "--state", "s"]
    func isColoured(_ more: [String: String], _ options: String...) throws -> Bool {
      try ToolRun(arguments + options, in: scratch, more).output.contains("\u{1B}[")
    }
    #expect(try !isColoured([:]))
    #expect(try !isColoured(["NO_COLOR": ""]))
    #expect(try isColoured(["FORCE_COLOR": "1"]))
    #expect(try isColoured([:], "--color=always"))
    #expect(try !isColoured(["FORCE_COLOR": "1"], "--color", "never"))
  }

  @Test func configuration() throws {
    #expect(try run("config", "check").output.contains("built-in defaults"))
    expect(
      try run("config", "check", "missing.toml"), 78, "error[C001]: DIR/missing.toml cannot be read"
    )
    _ = scratch.file("coexist-config.toml", "version = 1\nmode = 2\n")
    #expect(try run("config", "check").status == 1)
    chmod(scratch.path + "/coexist-config.toml", 0o666)
    expect(
      try run("config", "check"), 0,
      "warning[L010]: DIR/coexist-config.toml is not read: others may")
    #expect(try run("config", "init", "new.toml").status == 0)
    expect(try run("config", "init", "new.toml"), 64, "error[T116]: new.toml could not be written")
    #expect(try run("config", "check", "-q", "new.toml").output.isEmpty)
    #expect(try run("config", "schema").output.contains("draft-07"))
  }
}
