import Foundation
import Testing

/// "Nothing unsafe on the signal path, by compile error": that the compilers do refuse it.
@Suite struct MustNotCompileTests {
  static let samples = TidyTests.files("Tests/MustNotCompile", [".c", ".swift"])
    .map(\.lastPathComponent).sorted()

  /// The flags of one list in Package.swift, so that the samples are compiled as the core is.
  static func flags(_ list: String) throws -> [String] {
    let manifest = try String(
      contentsOf: TidyTests.root.appendingPathComponent("Package.swift"), encoding: .utf8)
    let start = try #require(manifest.range(of: "let \(list)"))
    let rest = manifest[start.upperBound...]
    let end = try #require(rest.range(of: "\n]\n"))
    let quoted = rest[..<end.lowerBound].matches(of: /"([^"]+)"/).map { String($0.1) }
    return quoted.flatMap { $0 == "Embedded" ? ["-enable-experimental-feature", $0] : [$0] }
  }

  static func compile(_ sample: String, isTwin: Bool) throws -> (succeeds: Bool, output: String) {
    let folder = FileManager.default.temporaryDirectory
    let output = folder.appendingPathComponent("coexist-sample-\(UUID()).o")
    defer { try? FileManager.default.removeItem(at: output) }
    let include = ["-I", TidyTests.root.appendingPathComponent("Sources/CCoexist/include").path]
    let isC = sample.hasSuffix(".c")
    let compiler =
      isC
      ? ["clang"] + (try flags("inStrangers"))
      : ["swiftc", "-parse-as-library", "-swift-version", "6", "-module-name", "Sample"]
        + (try flags("embedded"))
        + ["-module-cache-path", folder.appendingPathComponent("coexist-modules").path]
    let file = TidyTests.root.appendingPathComponent("Tests/MustNotCompile/\(sample)").path
    let twin = isTwin ? ["-DTWIN"] : []
    return try run(compiler + include + twin + ["-c", file, "-o", output.path])
  }

  static func run(_ command: [String]) throws -> (succeeds: Bool, output: String) {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus == 0, output)
  }

  @Test func flagsAreTheCores() throws {
    #expect(try Self.flags("embedded").contains("-no-allocations"))
    #expect(try Self.flags("embedded").contains("-enable-experimental-feature"))
    #expect(try Self.flags("inStrangers").contains("-Werror=function-effects"))
    #expect(Self.samples.count >= 15)
  }

  @Test(arguments: samples)
  func isRefusedWithItsMessage(sample: String) throws {
    let source = try String(
      contentsOf: TidyTests.root.appendingPathComponent("Tests/MustNotCompile/\(sample)"),
      encoding: .utf8)
    let expected = try #require(source.prefixMatch(of: /\/\/ error: (.+)\n/), "first line")
    let refused = try Self.compile(sample, isTwin: false)
    #expect(!refused.succeeds)
    #expect(refused.output.contains(expected.1), "\(refused.output)")
  }

  @Test(arguments: samples)
  func itsTwinCompiles(sample: String) throws {
    let accepted = try Self.compile(sample, isTwin: true)
    #expect(accepted.succeeds, "\(accepted.output)")
  }
}
