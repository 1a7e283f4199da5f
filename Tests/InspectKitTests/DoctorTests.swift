import Foundation
import Testing

@testable import InspectKit

struct DoctorTests {
  let scratch = Scratch()

  @Test func platforms() {
    #expect(PlatformCheck.judge(kernel: "6.1.0", machine: "x86_64", libc: "2.36").level == .good)
    #expect(PlatformCheck.judge(kernel: "6.1.0", machine: "x86_64", libc: "2.35").level == .good)
    #expect(PlatformCheck.judge(kernel: "6.1.0", machine: "x86_64", libc: "2.34").level == .problem)
    #expect(
      PlatformCheck.judge(kernel: "6.1.0", machine: "aarch64", libc: "2.36").level == .problem)
    #expect(PlatformCheck.judge(kernel: "6.1.0", machine: "x86_64", libc: "3.0").level == .good)
  }

  @Test func stateFolders() {
    let user = geteuid()
    let folder = scratch.folder("run")
    chmod(folder, 0o700)
    #expect(StateFolderCheck.judge(folder, user: user).level == .good)
    chmod(folder, 0o777)
    #expect(StateFolderCheck.judge(folder, user: user).level == .problem)
    #expect(StateFolderCheck.judge(folder, user: user + 1).level == .problem)
    #expect(StateFolderCheck.judge(folder + "/new/one", user: user).level == .good)
    #expect(StateFolderCheck.judge("/dev/null/such", user: user).level == .problem)
  }

  @Test func runtimesByNameSymbolAndNote() throws {
    var jvm = try #require(ElfImage("/bin/sh"))
    jvm.name = "libjvm.so"
    var go = jvm
    go.name = "libworker.so"
    go.notes = ["GNU", "Go"]
    let found = RuntimesCheck.recognise([jvm, go], [])
    #expect(found.map(\.name) == ["go", "jvm"])
    #expect(found.map(\.evidence) == ["note in libworker.so", "libjvm.so"])
  }

  @Test func copiesOfOtherLibrariesNames() throws {
    var lean = try #require(ElfImage("/bin/sh"))
    lean.path = "/a/libleanshared.so"
    lean.name = "libleanshared.so"
    lean.exported = ["__gmpz_mul", "__gmpz_add", "_Unwind_Resume", "uv_run", "lean_dec_ref_cold"]
    var gmp = lean
    gmp.path = "/b/libgmp.so.10"
    gmp.name = "libgmp.so.10"
    gmp.exported = ["__gmpz_mul", "__gmpz_add", "__gmpn_mul", "lean_dec_ref_cold"]
    let found = SymbolClashCheck.judge([lean, gmp])
    #expect(
      found.map(\.title) == ["libleanshared.so also exports 2 names of libgmp.so.10 (__gmp*)"])
    #expect(found.map(\.level) == [.remark] && found.map(\.code) == ["D015"])
    #expect(SymbolClashCheck.judge([gmp]).isEmpty)
  }

  private func found(_ report: DoctorReport, _ code: String) -> [Finding.Level] {
    report.groups.flatMap(\.findings).filter { $0.code == code }.map(\.level)
  }

  /// One for each code: what the machine has.
  @Test func machineCodes() {
    let old = PlatformCheck.judge(kernel: "6.1.0", machine: "x86_64", libc: "2.31")
    #expect(old.code == "D001" && old.level == .problem)
    let without = MembarrierCheck.judge(-1)
    #expect(without.code == "D002" && without.level == .remark)
    #expect(MembarrierCheck.judge(8).level == .good)  // MEMBARRIER_CMD_PRIVATE_EXPEDITED
    let restricted = YamaCheck.judge("2\n")
    #expect(restricted.code == "D003" && restricted.remedy != nil)
    #expect(YamaCheck.judge("0\n").level == .good && YamaCheck.judge(nil).level == .good)
    var surroundings = scratch.surroundings
    surroundings.variables["COEXIST_LIBRARY"] = scratch.file("libcoexist.so", "no ELF file")
    #expect(found(DoctorReport(nil, surroundings), "D004") == [.problem])
    let folder = StateFolderCheck.judge("/dev/null/such", user: geteuid())
    #expect(folder.code == "D005" && folder.level == .problem)
  }

  /// What a program brings.
  @Test func programCodes() throws {
    var surroundings = scratch.surroundings
    #expect(found(DoctorReport("/no/such/program", surroundings), "D010") == [.problem])
    let shell = DoctorReport("/bin/sh", surroundings)
    #expect(found(shell, "D010") == [.good] && found(shell, "D011") == [.good])
    surroundings.variables["LD_PRELOAD"] = "libjsig.so"
    #expect(found(DoctorReport("/bin/sh", surroundings), "D013") == [.remark])
    var image = try #require(ElfImage("/bin/sh"))
    image.notes = ["Go"]
    image.imported = []
    image.exported = ["__asan_init"]
    let raw = RawSystemCallsCheck.judge([image])
    #expect(raw.map(\.code) == ["D012"] && raw[0].level == .problem)
    let checked = SanitizerCheck.judge([image])
    #expect(checked.map(\.code) == ["D014"] && checked[0].level == .remark)
  }

  /// What the configuration of the folder says.
  @Test func configurationCodes() {
    _ = scratch.file("coexist-config.toml", "version = 1\nmod = 2\n")
    #expect(found(DoctorReport(nil, scratch.surroundings), "D020") == [.problem])
    _ = scratch.file(
      "coexist-config.toml",
      "version = 1\n[[container]]\nname = \"a\"\nlibraries = [\"liba.so\"]\n")
    #expect(found(DoctorReport(nil, scratch.surroundings), "D021") == [.remark])
  }

  @Test func elfOfThisMachine() throws {
    let shell = try #require(ElfImage("/bin/sh"))
    #expect(shell.needed.contains("libc.so.6"))
    #expect(shell.interpreter?.hasSuffix("ld-linux-x86-64.so.2") == true)
    #expect(shell.imported.contains { $0.hasPrefix("sig") })
    let closure = Dependencies(of: shell, scratch.surroundings)
    #expect(closure.missing.isEmpty && closure.images.count >= 2)
    #expect(ElfImage("/etc/passwd") == nil)
  }

  @Test func brokenElf() throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/bin/true")))
    var random = Xorshift(state: 4711)
    let path = scratch.path + "/app"
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<8 { bytes[Int(random.next() % 1024)] = UInt8(truncatingIfNeeded: random.next()) }
      for _ in 0..<8 {
        bytes[bytes.count - 1 - Int(random.next() % 2048)] = UInt8(
          truncatingIfNeeded: random.next())
      }
      writeFile(bytes, path)
      _ = ElfImage(path)
    }
  }

  @Test func suggestions() {
    #expect(suggestion(for: "sigals", among: ["signals", "status"]) == "signals")
    #expect(suggestion(for: "wholly-different", among: ["signals"]) == nil)
    #expect(editDistance("ab", "ba") == 1)
    #expect(editDistance("", "abc") == 3)
  }

  @Test func formats() {
    #expect(grouped(1_234_567) == "1 234 567")
    #expect(duration(999) == "999 ns")
    #expect(duration(1_900) == "1.9 µs")
    #expect(duration(12_300_000) == "12 ms")
    #expect(SignalNames.number("segv") == 11)
    #expect(SignalNames.number("RTMIN+2") == 36)
    #expect(SignalNames.number("0") == nil)
    #expect(SignalNames.flags(0x1C00_0004) == ["siginfo", "onstack", "restart"])
    #expect(SignalNames.code(2, of: 11) == "SEGV_ACCERR")
    #expect(Latency([0, 0, 0, 4])?.median == 12)
    #expect(Latency([0, 0]) == nil)
  }
}
