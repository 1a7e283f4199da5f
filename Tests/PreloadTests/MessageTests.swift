import Foundation
import Testing

/// Messages of the library that need a fault, a file or a folder to come about, as lines and as
/// JSON. The others are provoked where their subject is tested.
@Suite struct MessageTests {
  /// A folder of the test's own.
  private final class Place {
    let url = FileManager.default.temporaryDirectory.appending(path: "coexist-\(UUID().uuidString)")

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
      let path = url.appending(path: name).path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      chmod(path, mode)
      return path
    }
  }

  private func expect(
    _ message: String, _ variables: [String: String], library: String? = nil,
    location: SourceLocation = #_sourceLocation
  ) throws {
    var program = Program(path: "/bin/true")
    program.environment = variables
    let outcome = try program.run(preload: library ?? Preload.require())
    #expect(outcome.ending == .exited(0), "\(outcome)", sourceLocation: location)
    #expect(outcome.errors.contains(message), "\(outcome)", sourceLocation: location)
    #expect(outcome.errors.split(separator: "\n").count == 1, sourceLocation: location)
  }

  @Test func aConfigurationThatOthersMayWrite() throws {
    let place = try Place()
    let path = try place.file("c.toml", "version = 1\n", mode: 0o666)
    try expect("warning[L010]: \(path) belongs to another", ["COEXIST_CONFIG": path])
  }

  @Test func aConfigurationThatIsNotThere() throws {
    try expect("error[L011]: /no/such.toml (COEXIST_", ["COEXIST_CONFIG": "/no/such.toml"])
  }

  @Test func aLibraryWithoutItsReader() throws {
    let place = try Place()
    let alone = place.url.appending(path: "libcoexist.so").path
    try FileManager.default.copyItem(atPath: Preload.require(), toPath: alone)
    try expect("error[L012]: ", ["COEXIST_OPTIONS": "log.level:info"], library: alone)
  }

  @Test func aVariableThatIsMistyped() throws {
    let near = ["COEXIST_LOGG": "LOG", "COEXIST_CONFG": "CONFIG", "COEXIST_STAET": "STATE"]
    for (name, meant) in near {
      let hint = "did you mean COEXIST_\(meant)?"
      try expect("warning[L013]: \(name) is no variable of coexist; \(hint)", [name: "1"])
    }
    // What is not near may be somebody else's.
    for name in ["COEXIST_BUILD", "COEXIST_LOGGER", "COEXIST_", "COEXISTS_LOG"] {
      var program = Program(path: "/bin/true")
      program.environment = [name: "1"]
      let outcome = try program.run(preload: Preload.require())
      #expect(outcome.errors.isEmpty, "\(outcome)")
    }
  }

  @Test func aVariableWithoutSuchAValue() throws {
    try expect(
      "warning[L014]: COEXIST_LOG is 'loud'; it must be one of off, error, warn, info, debug",
      ["COEXIST_LOG": "loud"])
    try expect(
      "warning[L014]: COEXIST_LOG_FORMAT is 'xml'; it must be one of text, json",
      ["COEXIST_LOG_FORMAT": "xml"])
  }

  @Test func aStateFileThatCannotBeMade() throws {
    try expect(
      "warning[L020]: no state file at /dev/null/x",
      ["COEXIST_STATE": "/dev/null/x", "COEXIST_LOG": "info"])
  }

  @Test func aLogThatCannotBeOpened() throws {
    try expect("warning[L021]: the log /dev/null/log", ["COEXIST_LOG_FILE": "/dev/null/log"])
  }

  private func crash(_ variables: [String: String] = [:]) async throws -> Outcome {
    let fixture = try Fixture("deaths/parties.c")
    var program = try await Case(fixture: fixture, arguments: "write reset reset").program()
    program.environment = variables
    return try program.run(preload: try Preload.require())
  }

  @Test func aFaultThatNobodyClaims() async throws {
    let outcome = try await crash()
    #expect(outcome.errors.contains("]: warning[W202]: SIGSEGV at 0x"), "\(outcome)")
  }

  // MARK: JSON

  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(
        JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
    }
  }

  /// From the handler, and from start-up; a path that is no text stays one line of valid JSON.
  @Test func asJSON() async throws {
    let fault = try objects(try await crash(["COEXIST_LOG_FORMAT": "json"]).errors)
    #expect(fault.count == 1 && fault[0]["code"] as? String == "W202")
    #expect(fault[0]["schema"] as? String == "coexist.log/1")
    let keys = ["code", "level", "message", "pid", "program", "schema", "time"]
    #expect(fault[0].keys.sorted() == keys, "as tools/schema/log.schema.json says")
    #expect((fault[0]["message"] as? String)?.hasPrefix("SIGSEGV at 0x") == true)
    #expect(fault[0]["level"] as? String == "warning")
    let time = try #require(fault[0]["time"] as? String)
    let seconds = try #require(
      ISO8601DateFormatter().date(from: time.replacing(/\.\d{6}/, with: "")), "\(time)")
    #expect(abs(seconds.timeIntervalSinceNow) < 3600)

    var program = Program(path: "/bin/true")
    program.environment = [
      "COEXIST_LOG_FORMAT": "json", "COEXIST_CONFIG": "/no/\"such\"\\\u{1}é\t.toml",
    ]
    let start = try objects(try program.run(preload: try Preload.require()).errors)
    #expect(start.count == 1 && start[0]["code"] as? String == "L011")
    #expect(start[0]["program"] as? String == "true" && start[0]["level"] as? String == "error")
    let message = try #require(start[0]["message"] as? String)
    #expect(message.hasPrefix("/no/\"such\"\\\u{1}é\t.toml (COEXIST_CONFIG) cannot be read"))
  }

  @Test func byTheConfiguration() async throws {
    let outcome = try await crash(["COEXIST_OPTIONS": "log.format:json"])
    #expect(try objects(outcome.errors).first?["code"] as? String == "W202", "\(outcome)")
    let text = try await crash([
      "COEXIST_OPTIONS": "log.format:json", "COEXIST_LOG_FORMAT": "text",
    ])
    #expect(text.errors.hasPrefix("coexist["), "\(text)")
  }
}
