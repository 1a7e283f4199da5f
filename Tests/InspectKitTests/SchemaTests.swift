import Foundation
import Testing

@testable import InspectKit

/// Every JSON form against its schema in tools/schema, by python3 with jsonschema.
struct SchemaTests {
  let scratch = Scratch()

  @Test(.enabled(if: Schemas.hasValidator, "python3 has no jsonschema"))
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
      json(ThreadLocalReport(subject, surroundings)), json(ContextsReport(subject, surroundings)),
      json(ThreadsReport(subject, surroundings)), json(CollectorsReport(subject, surroundings)),
      json(StacksReport(subject, surroundings)), json(ProcessReport(subject, surroundings)),
      json(CodeExplanation(try MessageCode.find("W201"), in: subject, surroundings)),
      json(CodeExplanation(try MessageCode.find("T101"), in: nil, surroundings)),
      json(DoctorReport("/bin/sh", surroundings)), json(DoctorReport(nil, surroundings)),
      json(EnvironmentReport(try Preload(configuration: "", preloading))),
      json(try CheckReport(bad, surroundings)), json(try CheckReport(nil, surroundings)),
      json(try ShowReport(file: bad, surroundings)), json(try ShowReport(subject, surroundings)),
      json(PathReport(ConfigurationPlaces(surroundings))),
      json(ErrorReport(.noProcess(1))), json(ErrorReport(.notUnderCoexist(1))),
    ]
    try Schemas.expectFit(reports, in: scratch)
  }
}
