import Foundation
import Testing

/// JSON against the schemas of tools/schema, by python3 with jsonschema.
enum Schemas {
  static let hasValidator: Bool = {
    (try? Script.python("import jsonschema", []).status) == 0
  }()

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("tools/schema")

  /// The schema's file is named after the report's `schema`: "coexist.status/1" →
  /// status.schema.json.
  static func expectFit(_ reports: [String], in scratch: Scratch) throws {
    let script = """
      import json, sys, jsonschema
      folder, *files = sys.argv[1:]
      for name in files:
          report = json.load(open(name))
          path = folder + "/" + report["schema"].split(".")[1].split("/")[0] + ".schema.json"
          schema = json.load(open(path))
          jsonschema.Draft7Validator.check_schema(schema)
          for error in jsonschema.Draft7Validator(schema).iter_errors(report):
              print(report["schema"], list(error.absolute_path), error.message[:300])
      """
    let files = reports.enumerated().map { scratch.file("\($0).json", $1) }
    #expect(try Script.python(script, [folder.path] + files).output == "")
  }
}

/// A program that helps a test, and what it printed, errors too.
enum Script {
  static func python(_ text: String, _ arguments: [String]) throws -> (
    output: String, status: Int32
  ) {
    try run(["python3", "-c", text] + arguments)
  }

  static func run(_ words: [String]) throws -> (output: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: output, as: UTF8.self), process.terminationStatus)
  }

  /// The first of these that is installed.
  static func installed(_ names: String...) -> String? {
    names.first { (try? run(["which", $0]).status) == 0 }
  }
}
