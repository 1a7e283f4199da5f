import Foundation
import Testing

@testable import InspectKit

/// The configuration commands, on the library's own reader.
struct ConfigTests {
  let scratch = Scratch()
  let style = Style(colour: false, width: 100)

  @Test func checkShowsEachMistake() throws {
    let path = scratch.file(
      "coexist-config.toml",
      """
      version = 1

      [process]
      mode     = "enforced"

      [signal]
      \tdefault = "chain"

      """)
    let report = try CheckReport(path, scratch.surroundings)
    #expect(report.errors > 0)
    try expectGolden(report.render(style), "config-check")
  }

  @Test func checkOfSyntax() throws {
    let path = scratch.file(
      "coexist-config.toml",
      """
      version = 1
      [[signals.rule]]
      signals = ["SIGSEGV"]
      order   = ["jvm", "go"
      until   = "handled"

      """
    )
    try expectGolden(
      try CheckReport(path, scratch.surroundings).render(style), "config-check-syntax")
  }

  @Test func showTellsOrigins() throws {
    let path = scratch.file("coexist-config.toml", "version = 1\n[log]\nlevel = \"info\"\n")
    var surroundings = scratch.surroundings
    surroundings.variables["COEXIST_OPTIONS"] = "signals.altstack_min_kib:128"
    let report = try ShowReport(file: path, surroundings)
    try expectGolden(report.render(style, origins: true), "config-show-origin")
  }

  @Test func pathOrderAndTrust() throws {
    let top = scratch.folder("repository")
    _ = scratch.folder("repository/.git")
    let inside = scratch.folder("repository/a/b")
    let file = scratch.file("repository/coexist-config.toml", "version = 1\n")
    var surroundings = scratch.surroundings
    surroundings.directory = inside
    let found = ConfigurationPlaces(surroundings)
    #expect(found.used?.path == top + "/coexist-config.toml")
    #expect(found.used?.kind == .parent)
    let text = PathReport(found).render(style)
      .replacingOccurrences(of: scratch.path, with: "/home/you")
    try expectGolden(text, "config-path")

    chmod(file, 0o666)
    let refused = ConfigurationPlaces(surroundings)
    #expect(refused.used == nil)
    #expect(refused.first?.refused == "others may write to it")
  }

  @Test func configNone() {
    var surroundings = scratch.surroundings
    surroundings.variables["COEXIST_CONFIG"] = "none"
    #expect(ConfigurationPlaces(surroundings).places.isEmpty)
    #expect(ConfigurationPlaces(surroundings).disabled)
  }

  @Test func theTemplateHasNoMistakes() throws {
    let path = scratch.path + "/new.toml"
    try Initial.write(to: path, force: false)
    #expect(try CheckReport(path, scratch.surroundings).isClean)
    #expect(throws: Failure.self) { try Initial.write(to: path, force: false) }
    try Initial.write(to: path, force: true)
  }

  @Test func caretsStandUnderWideAndHiddenText() {
    let line = SourceLine("\tä = \u{1B}x", column: 2, length: 2)
    #expect(line.text == "    ä = \\x1bx")
    #expect(line.indent == "    ")
    #expect(line.carets == "^")
    let beyond = SourceLine("ab", column: 99, length: 99)
    #expect(beyond.carets == "^")
  }
}
