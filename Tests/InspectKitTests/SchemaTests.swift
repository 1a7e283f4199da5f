import Foundation
import Testing

@testable import InspectKit

/// Every JSON form against its schema in tools/schema, by python3 with jsonschema.
struct SchemaTests {
  let scratch = Scratch()

  private var schemas: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("tools/schema")
  }

  private static let hasValidator: Bool = {
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", "-c", "import jsonschema"]
    python.standardError = FileHandle.nullDevice
    try? python.run()
    python.waitUntilExit()
    return python.terminationStatus == 0
  }()

  @Test(.enabled(if: hasValidator, "python3 has no jsonschema"))
  func everyReportFitsItsSchema() throws {
    let state = SyntheticState()
    state.write(to: scratch.path + "/s")
    let subject = try Subject.fromFile(scratch.path + "/s")
    let surroundings = scratch.surroundings
    var listing = Listing(surroundings, ended: .all)
    listing.subjects = [subject]
    listing.failures = [Failure.noProcess(1)]
    let library = scratch.file("libcoexist.so", "")
    var preloading = surroundings
    preloading.variables["COEXIST_LIBRARY"] = library
    let bad = scratch.file("coexist-config.toml", "version = 1\nmod = 2\n")
    let reports: [String] = [
      json(try ListReport(listing, surroundings)), json(StatusReport(subject, surroundings)),
      json(
        SignalsReport(subject, only: nil, all: true, symbols: FakeSymbols(), surroundings)),
      json(ContainersReport(subject, surroundings)),
      json(
        SignalExplanation(
          subject, signal: 11, last: 256, symbols: FakeSymbols(), surroundings)),
      json(
        try AddressExplanation(
          subject, address: 0x7f2a_2000_1000, symbols: FakeSymbols(), surroundings)),
      json(
        try AddressExplanation(
          subject, address: 0x7f29_0000_0010, symbols: FakeSymbols(), surroundings)),
      json(ThreadLocalReport(subject, surroundings)),
      json(ThreadsReport(subject, surroundings)), json(CollectorsReport(subject, surroundings)),
      json(CodeExplanation(try MessageCode.find("W201"), in: subject, surroundings)),
      json(CodeExplanation(try MessageCode.find("T101"), in: nil, surroundings)),
      json(DoctorReport("/bin/sh", surroundings)), json(DoctorReport(nil, surroundings)),
      json(EnvironmentReport(try Preload(configuration: "", preloading))),
      json(try CheckReport(bad, surroundings)), json(try CheckReport(nil, surroundings)),
      json(try ShowReport(file: bad, surroundings)), json(try ShowReport(subject, surroundings)),
      json(PathReport(ConfigurationPlaces(surroundings))),
      json(ErrorReport(.noProcess(1))), json(ErrorReport(.notUnderCoexist(1))),
    ]
    try validate(reports)
  }

  /// The schema's file is named after the report's `schema`: "coexist.status/1" →
  /// status.schema.json.
  private func validate(_ reports: [String]) throws {
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
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", "-c", script, schemas.path] + files
    let pipe = Pipe()
    python.standardOutput = pipe
    python.standardError = pipe
    try python.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    python.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self) == "")
  }
}
