import Foundation
import Testing

@testable import InspectKit

/// Every JSON form against its schema in tools/schema, by python3 with jsonschema, and as it is
/// written against Foundation.
struct SchemaTests {
  let scratch = Scratch()

  @Test(.enabled(if: Schemas.hasValidator, "python3 has no jsonschema"))
  func everyReportFitsItsSchema() throws {
    try Schemas.expectFit(try reports().map { json($0) }, in: scratch)
  }

  @Test func everyReportIsWrittenAsFoundationWritesIt() throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    for report in try reports() + [Odd()] {
      #expect(json(report) == String(decoding: try encoder.encode(report), as: UTF8.self))
    }
    encoder.keyEncodingStrategy = .useDefaultKeys
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let odd = String(decoding: try encoder.encode(Odd()), as: UTF8.self)
    #expect(exactJSON(Odd()) == odd)
  }

  /// What reports could hold and may not now.
  private struct Odd: Encodable {
    struct Nothing: Encodable {}
    let letters = String(String.UnicodeScalarView((0...0x2100).compactMap(UnicodeScalar.init)))
    let pcURLName: String? = nil
    let aURLName: String? = "", someX = Int8.min, mostOfAll = UInt64.max, isSo = true
    let lists = [[1], [], [2, 3]], nothings = [Nothing()], nothing = Nothing()
    let byName = ["aB": ["x"], "": [], "Z": []], none: [String: Int] = [:]
  }

  private func reports() throws -> [any Encodable] {
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
    return [
      try ListReport(listing, surroundings), StatusReport(subject, surroundings),
      SignalsReport(subject, only: nil, all: true, symbols: FakeSymbols(), surroundings),
      ContainersReport(subject, surroundings),
      SignalExplanation(
        subject, signal: 11, last: 256, symbols: FakeSymbols(), surroundings),
      try AddressExplanation(
        subject, address: 0x7f2a_2000_1000, symbols: FakeSymbols(), surroundings),
      try AddressExplanation(
        subject, address: 0x7f29_0000_0010, symbols: FakeSymbols(), surroundings),
      ThreadLocalReport(subject, surroundings), ContextsReport(subject, surroundings),
      ThreadsReport(subject, surroundings), CollectorsReport(subject, surroundings),
      StacksReport(subject, surroundings), ProcessReport(subject, surroundings),
      CodeExplanation(try MessageCode.find("W201"), in: subject, surroundings),
      CodeExplanation(try MessageCode.find("T101"), in: nil, surroundings),
      DoctorReport("/bin/sh", surroundings), DoctorReport(nil, surroundings),
      EnvironmentReport(try Preload(configuration: "", preloading)),
      try CheckReport(bad, surroundings), try CheckReport(nil, surroundings),
      try ShowReport(file: bad, surroundings), try ShowReport(subject, surroundings),
      PathReport(ConfigurationPlaces(surroundings)),
      ErrorReport(.noProcess(1)), ErrorReport(.notUnderCoexist(1)),
    ]
  }
}
