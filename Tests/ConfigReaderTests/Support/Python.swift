import Foundation
import Testing

/// Runs one of the scripts beside the tests with a JSON document as its input.
/// Returns what it printed: one line a disagreement.
func python(_ script: String, input: some Encodable) throws -> String {
  let interpreter = try #require(
    usablePython, "no python3 with tomllib and jsonschema; run tools/setup")
  let folder = testsFolder.appendingPathComponent("Python")
  let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try JSONEncoder().encode(input).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  let (status, output) = try run(
    interpreter, [folder.appendingPathComponent(script).path, file.path])
  return status == 0 ? output : "exit status \(status)\n\(output)"
}

private let usablePython: String? = {
  let installed = repositoryRoot.appendingPathComponent(".runtimes/venv/bin/python").path
  let candidates = [installed, "python3"]
  return candidates.first { candidate in
    let (status, _) = (try? run(candidate, ["-c", "import tomllib, jsonschema"])) ?? (1, "")
    return status == 0
  }
}()

/// Runs a program that is looked for in PATH; returns its exit status and all that it printed.
func run(_ program: String, _ arguments: [String]) throws -> (Int32, String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}
