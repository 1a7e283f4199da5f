import Foundation

/// One small program. The comment at its top says how to build it and what to expect:
///
///     // library: NAME = SOURCE FLAGS   a shared library that is linked (libNAME.so)
///     // plugin: NAME = SOURCE FLAGS    one that the program opens by itself
///     // flags: FLAGS                   for the compiler of the program
///     // run: ARGUMENTS                 one line a case; none means once, without arguments
///     // ends: exit 0 | SIGSEGV         how the program ends (default: exit 0)
///     // says: TEXT                     what stderr must hold under coexist
///     // times: N                       runs under coexist (default: 20)
///     // varies: bare                   what it says when it fails bare is chance
///     // company: yes                   holds beside guests/company.c as well
///     // through: tracer                run by support/tracer.c, which prints the state at death
struct Fixture: CustomStringConvertible, Sendable {
  struct Library: Sendable {
    var name: String, source: String, flags: [String], linked: Bool
  }

  var path: String  // below Tests/Fixtures
  var libraries: [Library] = []
  var flags: [String] = []
  var runs: [String] = []
  var ends = Ending.exited(0)
  var says: [String] = []
  var times = 20
  var traced = false
  var company = false
  var varies = false

  var description: String { path }

  static func all(in folder: String) -> [Fixture] {
    let url = Preload.fixtures.appending(path: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(".c") || $0.hasSuffix(".cc") }.sorted().compactMap {
      try? Fixture("\(folder)/\($0)")
    }
  }

  init(_ path: String) throws {
    self.path = path
    let text = try String(contentsOf: Preload.fixtures.appending(path: path), encoding: .utf8)
    for line in text.split(separator: "\n").prefix(while: { $0.hasPrefix("//") }) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      switch line[..<colon].dropFirst(2).trimmingCharacters(in: .whitespaces) {
      case "library": libraries.append(Self.library(value, linked: true))
      case "plugin": libraries.append(Self.library(value, linked: false))
      case "flags": flags += value.words
      case "run": runs.append(value)
      case "ends": ends = Self.ending(value)
      case "says": says.append(value)
      case "times": times = Int(value) ?? times
      case "through": traced = true
      case "company": company = true
      case "varies": varies = true
      default: break
      }
    }
    if runs.isEmpty { runs = [""] }
  }

  /// The same program with a second party: see guests/company.c.
  func inCompany() -> Fixture {
    var copy = self
    copy.flags.append("-DFAULTS_ELSEWHERE")
    copy.libraries.append(
      Library(name: "company", source: "guests/company.c", flags: [], linked: true))
    return copy
  }

  private static func library(_ value: String, linked: Bool) -> Library {
    let words = value.words  // NAME = SOURCE FLAGS
    return Library(name: words[0], source: words[2], flags: Array(words[3...]), linked: linked)
  }

  private static func ending(_ value: String) -> Ending {
    if let signal = Signal.names[value] { return .killed(signal, core: false) }
    return .exited(Int32(value.words.last ?? "") ?? 0)
  }
}

/// A fixture with one line of arguments: what one test runs.
struct Case: CustomStringConvertible, Sendable {
  var fixture: Fixture
  var arguments = ""

  var description: String { arguments.isEmpty ? fixture.path : "\(fixture.path) \(arguments)" }

  static func all(in folder: String) -> [Case] {
    Fixture.all(in: folder).flatMap { fixture in
      fixture.runs.map { Case(fixture: fixture, arguments: $0) }
    }
  }

  func program() async throws -> Program {
    let path = try await Workshop.shared.build(fixture)
    guard fixture.traced else { return Program(path: path, arguments: arguments.words) }
    let tracer = try await Workshop.shared.tracer()
    return Program(path: tracer, arguments: [path] + arguments.words)
  }
}

extension String {
  var words: [String] { split(separator: " ").map(String.init) }
}
