import CCoexist

/// Everything that is known: built in, and what the configuration says over it.
public struct RuntimeListReport: Encodable, Sendable {
  public struct Line: Encodable, Sendable {
    public let name: String
    let title: String
    /// "built in", or the configuration's file.
    let origin: String
    let libraries: [String]
    let symbols: [String]
    let note: String?
    let claims: String
    let passes: String
    let source: String
  }

  let schema = "coexist.runtime_list/1"
  public let runtimes: [Line]
  let facts: [RuntimeFacts]

  enum CodingKeys: CodingKey { case schema, runtimes }

  /// `path`: the configuration in force; nil = there is none.
  public init(_ path: String?, _ surroundings: Surroundings) throws(Failure) {
    let builtIn = (0..<coexist_built_in_count).map {
      RuntimeFacts(coexist_built_in_at($0)!.pointee)
    }
    let configured: [RuntimeFacts] = if let path { try RuntimeListReport.read(path) } else { [] }
    let shown = path.map { CheckReport.shown($0, surroundings) } ?? ""
    let kept = builtIn.filter { known in !configured.contains { $0.name == known.name } }
    facts = kept + configured
    runtimes =
      kept.map { Line($0, "built in") } + configured.map { Line($0, shown) }
  }

  private static func read(_ path: String) throws(Failure) -> [RuntimeFacts] {
    do throws(FileError) {
      let bytes = try OpenFile(path).read(at: 0, count: 1 << 16)
      return Configuration.read(bytes, source: path).runtimes
    } catch {
      throw .cannotOpen(path, error)
    }
  }

  public func render(_ style: Style) -> String {
    var table = TextTable([
      .init(title: "NAME"), .init(title: "RUNTIME", shrinks: true), .init(title: "CLAIMS"),
      .init(title: "PASSES"), .init(title: "KNOWN BY", shrinks: true), .init(title: "FROM"),
    ])
    for line in runtimes {
      let marks = line.libraries + line.symbols + (line.note.map { ["note " + $0] } ?? [])
      table.add([
        line.name, line.title, line.claims, line.passes, marks.joined(separator: " "), line.origin,
      ])
    }
    return table.render(style).joined(separator: "\n")
  }
}

extension RuntimeListReport.Line {
  fileprivate init(_ facts: RuntimeFacts, _ origin: String) {
    self.init(
      name: facts.name, title: facts.title, origin: origin, libraries: facts.libraries,
      symbols: facts.symbols, note: facts.note, claims: facts.claims, passes: facts.passes,
      source: facts.source)
  }
}

/// What `runtime show` and `runtime draft` answer: a `[[runtime]]`.
public struct RuntimeReport: Encodable, Sendable {
  public enum Form: Sendable { case toml, header }

  let schema = "coexist.runtime/1"
  let origin: String
  public let runtime: RuntimeFacts
  /// By key: what was seen, and what is left to find out.
  let remarks: [String: [String]]

  init(_ runtime: RuntimeFacts, origin: String, remarks: [String: [String]] = [:]) {
    self.runtime = runtime
    self.origin = origin
    self.remarks = remarks
  }

  /// Throws T130 with the nearest name.
  public init(_ name: String, in list: RuntimeListReport) throws(Failure) {
    guard let index = list.runtimes.firstIndex(where: { $0.name == name }) else {
      throw .noRuntime(name, known: list.runtimes.map(\.name))
    }
    self.init(list.facts[index], origin: list.runtimes[index].origin)
  }

  public func text(_ form: Form) -> String {
    form == .toml ? runtime.toml(remarks) : runtime.header(remarks)
  }
}

extension Failure {
  static func noRuntime(_ name: String, known: [String]) -> Failure {
    let meant = suggestion(for: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
    return Failure(
      "T130", "no runtime '\(printable(name))' is known.\(meant)",
      help: "coexist-inspect runtime list; of a library: coexist-inspect runtime draft LIBRARY",
      .usage)
  }

  static func noDraft(_ path: String, _ why: String) -> Failure {
    Failure(
      "T131", "\(printable(path)) \(why).", help: "name the runtime's library file", .unavailable)
  }
}
