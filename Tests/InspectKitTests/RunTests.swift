import Foundation
import Testing

@testable import InspectKit

/// `run` and `env` with real children. Any small library may stand for libcoexist.so: what is
/// tested is how it gets into the child.
@Suite(.serialized)
struct RunTests {
  let scratch = Scratch()
  let library: String

  init() throws {
    library = scratch.path + "/libcoexist.so"
    try FileManager.default.copyItem(
      atPath: "/lib/x86_64-linux-gnu/libdl.so.2", toPath: library)
  }

  private func run(_ arguments: [String], _ more: [String: String] = [:]) throws -> ToolRun {
    try ToolRun(
      ["run"] + arguments, in: scratch,
      ["COEXIST_LIBRARY": library].merging(more) { $1 })
  }

  @Test func statusAndOutputAreTheProgramsOwn() throws {
    let result = try run(["--", "sh", "-c", "echo out; echo err >&2; exit 37"])
    #expect(result.status == 37 && !result.died)
    #expect(result.output == "out\n" && result.errors == "err\n")
  }

  @Test func deathBySignalIsTheProgramsOwn() throws {
    let result = try run(["--", "sh", "-c", "kill -KILL $$"])
    #expect(result.died && result.status == SIGKILL)
  }

  @Test func sameProcess() throws {
    // The shell's own number is the one that the test would see for the tool.
    let process = Process()
    process.executableURL = ToolRun.executable
    process.arguments = ["run", "sh", "-c", "echo $$"]
    process.environment = scratch.variables.merging(["COEXIST_LIBRARY": library]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(output == "\(process.processIdentifier)\n")
  }

  @Test func theLibraryIsFirstAndOthersAreKept() throws {
    let other = "/lib/x86_64-linux-gnu/libdl.so.2"
    let result = try run(
      ["--", "sh", "-c", "echo $LD_PRELOAD; grep -c libcoexist.so /proc/$$/maps"],
      ["LD_PRELOAD": other])
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "\(library):\(other)")
    #expect(lines.count == 2 && Int(lines[1]) ?? 0 > 0)
  }

  @Test func variables() throws {
    let result = try run(
      ["-E", "A=1=2", "-E", "HOME", "-E", "B=", "--", "sh", "-c", "echo $A:${HOME-none}:${B-none}"])
    #expect(result.output == "1=2:none:\n")
    let bad = try run(["-E", "=x", "--", "true"])
    #expect(bad.status == 64 && bad.errors.contains("error[R008]: '=x' is no variable."))
  }

  @Test func configuration() throws {
    let file = scratch.file("my.toml", "version = 1\n")
    let named = try run(["--config", "my.toml", "--", "sh", "-c", "echo $COEXIST_CONFIG"])
    #expect(named.output == file + "\n")
    let none = try run(["--no-config", "--", "sh", "-c", "echo $COEXIST_CONFIG"])
    #expect(none.output == "none\n")
    let missing = try run(["--config", "no.toml", "--", "true"])
    #expect(
      missing.status == 78 && missing.errors.contains("error[R010]: the configuration no.toml"))
  }

  /// Containers want room in glibc's reserve, which is measured out when a process starts.
  @Test func tunables() throws {
    _ = scratch.file("none.toml", "version = 1\n")
    _ = scratch.file(
      "some.toml", "version = 1\n[[container]]\nname = \"a\"\nlibraries = [\"liba.so\"]\n")
    let print = ["--", "sh", "-c", "echo ${GLIBC_TUNABLES-none}"]
    #expect(try run(["--config", "none.toml"] + print).output == "none\n")
    let all = "glibc.rtld.nns=16:glibc.rtld.optional_static_tls=16384"
    #expect(try run(["--config", "some.toml"] + print).output == all + "\n")
    let own = "glibc.malloc.check=0:glibc.rtld.optional_static_tls=9"
    let kept = try run(["--config", "some.toml"] + print, ["GLIBC_TUNABLES": own])
    #expect(kept.output == own + ":glibc.rtld.nns=16\n")
  }

  @Test func refusals() throws {
    let absent = try run(["--", "aap"])
    _ = scratch.file("app", "#!/bin/sh\n", mode: 0o755)
    let meant = try run(["--", "aap"])
    #expect(
      absent.status == 127 && absent.errors.contains("error[R003]: 'aap' was not found in PATH."))
    #expect(meant.errors.contains("Did you mean './app'?"))
    #expect(try run(["--", "./app"]).status == 0)

    _ = scratch.file("plain", "text", mode: 0o644)
    let plain = try run(["--", "./plain"])
    #expect(
      plain.status == 126
        && plain.errors.contains("error[R004]: ./plain cannot be executed: it lacks"))
    _ = scratch.file("noise", "\u{1}\u{2}", mode: 0o755)
    #expect(try run(["--", "./noise"]).errors.contains("neither an ELF program nor a script"))
    _ = scratch.file("lost", "#!/no/such/thing\n", mode: 0o755)
    let lost = try run(["--", "./lost"])
    #expect(lost.status == 127 && lost.errors.contains("the interpreter '/no/such/thing'"))

    let empty = try ToolRun(["run", "--", "true"], in: scratch, ["COEXIST_LIBRARY": "/no/lib.so"])
    #expect(
      empty.status == 126 && empty.errors.contains("error[R005]: libcoexist.so was not found"))
    #expect(try run([]).status == 64)
  }

  @Test func staticSetuidAndForeign() throws {
    let shell = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/bin/true")))
    let path = scratch.path + "/app"
    writeFile(withoutInterpreter(shell), path)
    chmod(path, 0o755)
    let fixed = try run(["--", "./app"])
    #expect(fixed.status == 126)
    #expect(fixed.errors.contains("error[R001]: ./app is statically linked: the loader never runs"))

    var other = shell
    other[18] = 183  // EM_AARCH64
    writeFile(other, path)
    chmod(path, 0o755)
    #expect(
      try run(["--", "./app"]).errors.contains("error[R007]: ./app is no 64-bit x86 program"))

    writeFile(shell, path)
    guard geteuid() == 0, chown(path, 65534, 65534) == 0, chmod(path, 0o4755) == 0 else { return }
    let setuid = try run(["--", "./app"])
    #expect(setuid.status == 126)
    #expect(setuid.errors.contains("error[R002]: ./app is setuid: the loader ignores LD_PRELOAD"))
  }

  /// PT_INTERP (3) turned into PT_NULL: what a static program looks like.
  private func withoutInterpreter(_ elf: [UInt8]) -> [UInt8] {
    var bytes = elf
    let start = Int(bytes[32]) | Int(bytes[33]) << 8
    let count = Int(bytes[56])
    for index in 0..<count where bytes[start + index * 56] == 3 { bytes[start + index * 56] = 0 }
    return bytes
  }

  @Test func pathsThatCannotBePreloaded() throws {
    let folder = scratch.folder("with space")
    try FileManager.default.copyItem(atPath: library, toPath: folder + "/libcoexist.so")
    let result = try run(["--", "true"], ["COEXIST_LIBRARY": folder + "/libcoexist.so"])
    #expect(result.status == 126 && result.errors.contains("error[R009]: "))
  }

  @Test func execFailure() throws {
    // A file that somebody writes to looks good and is refused by the kernel (ETXTBSY).
    let path = scratch.path + "/busy"
    try FileManager.default.copyItem(atPath: "/bin/true", toPath: path)
    let writer = open(path, O_WRONLY | O_CLOEXEC)
    let busy = try run(["--", "./busy"])
    close(writer)
    #expect(busy.status == 126)
    #expect(busy.errors.contains("error[R006]: ./busy could not be started: Text file busy."))
    #expect(try run(["--", "./busy"]).status == 0)
  }

  @Test func environmentForShells() throws {
    let result = try ToolRun(["env"], in: scratch, ["COEXIST_LIBRARY": library])
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", result.output + "echo $LD_PRELOAD"]
    let pipe = Pipe()
    shell.standardOutput = pipe
    try shell.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(output == library + "\n")
  }

  @Test func doctorOnRealPrograms() throws {
    let good = try ToolRun(["doctor", "--", "sh"], in: scratch, ["COEXIST_LIBRARY": library])
    // The stand-in exports no sigaction, so the library is the only problem.
    #expect(good.status == 1 && good.output.contains("does not export sigaction"))
    #expect(good.output.contains("✓ dynamically linked, not setuid"))
    let jsig = try ToolRun(
      ["doctor", "--", "no-such"], in: scratch,
      ["COEXIST_LIBRARY": library, "LD_PRELOAD": "/opt/jdk/lib/libjsig.so"])
    #expect(jsig.output.contains("✗ 'no-such' was not found"))
    #expect(jsig.output.contains("not needed: coexist does its work"))
  }
}
