import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

extension CoreState {
  /// Who is who, on objects that the loader really has.
  @Suite struct ModulesTests {
    static func name(_ runtime: UInt32) -> String { String(cString: Runtimes.runtimeName(runtime)) }

    @Test func theSystemTheProgramAndStrangers() throws {
      CoreState.begin()
      let library = try #require(Callers.libraries.first)
      #expect(Ownership.owner(of: Callers.system) == Runtimes.system)
      #expect(Ownership.caller(Callers.system) == Runtimes.app)
      #expect(Ownership.owner(of: Callers.app) == Runtimes.app)
      #expect(Ownership.party(Callers.app) == Runtimes.app, "the program is no runtime")
      #expect(Ownership.owner(of: 0x1000) == Runtimes.system, "nobody's")
      #expect(Ownership.caller(0x1000) == Runtimes.app)
      #expect(Ownership.owner(of: library) == Runtimes.app)
      #expect(Runtimes.count == Runtimes.first, "looking makes no runtime")
      let number = Ownership.party(library)
      #expect(number == Runtimes.first)
      #expect(Ownership.party(library) == number)
      #expect(Ownership.owner(of: library) == number)
      #expect(Self.name(number).hasPrefix("lib"), "an unknown library goes by its SONAME")
    }

    /// Each entry's first library, a later one, each symbol and the note, in one process.
    @Test func everyEntryIsRecognised() throws {
      CoreState.begin()
      let shop = try Workshop()
      for (index, entry) in CatalogueTests.entries.enumerated() {
        let name = CatalogueTests.text(entry.name)
        func runtime(_ soname: String, _ assembly: String = "") throws -> UInt32 {
          let address = try shop.load(
            soname: soname.replacingOccurrences(of: "*", with: ".1"), assembly: assembly)
          let owner = Ownership.owner(of: address)
          #expect(State.runtime(owner).pointee.catalogue == index, "\(name): \(soname)")
          return owner
        }
        let libraries = CatalogueTests.strings(entry.libraries)
        if let main = libraries.first {
          let first = try runtime(main)
          #expect(Self.name(first) == name)
          if libraries.count > 1, entry.flags & COEXIST_EACH_MODULE.rawValue == 0 {
            #expect(try runtime(libraries.last!) == first, "\(name): belongs to the same")
          }
        }
        for symbol in CatalogueTests.strings(entry.symbols) {
          _ = try runtime("libplain\(index).so", Workshop.symbol(symbol))
        }
        let note = CatalogueTests.text(entry.note)
        if !note.isEmpty { _ = try runtime("libnote\(index).so", Workshop.note(note)) }
        // Numbers are few; each entry gets its own world.
        CoreState.begin()
      }
    }

    /// An undefined symbol of that name is a use, not the runtime.
    @Test func usingASymbolIsNotBeingTheRuntime() throws {
      CoreState.begin()
      let shop = try Workshop()
      let user = try shop.load(
        soname: "libuser.so", assembly: ".data\n.weak Py_BytesMain\n.quad Py_BytesMain")
      #expect(Ownership.owner(of: user) == Runtimes.app)
      let near = try shop.load(soname: "libnear.so", assembly: Workshop.symbol("Py_BytesMainX"))
      #expect(Ownership.owner(of: near) == Runtimes.app)
    }

    @Test func instancesAreNumbered() throws {
      CoreState.begin()
      let shop = try Workshop()
      let names = try (1...3).map { index in
        let library = try shop.load(
          soname: "libgo\(index).so", assembly: Workshop.symbol("_cgo_topofstack"))
        return Self.name(Ownership.owner(of: library))
      }
      #expect(names == ["go", "go#2", "go#3"])
      #expect("go#2".withCString { Runtimes.named($0) } == Runtimes.first + 1)
    }

    /// After dlclose an address may be another's: what was known of it is forgotten.
    @Test func whatIsUnloadedIsForgotten() throws {
      CoreState.begin()
      var shop: Workshop? = try Workshop()
      let address = try #require(try shop?.load(soname: "libgone.so"))
      #expect(Ownership.party(address) == Runtimes.first)
      shop = nil
      Modules.sweep()
      let mapped = coexist_object_at(address).map
      #expect(mapped == 0)
      let again = try Workshop()
      let other = try again.load(soname: "libother.so")
      #expect(Ownership.owner(of: other) == Runtimes.app)
      #expect(Self.name(Ownership.party(other)) == "libother.so")
    }

    @Test func theConfigurationNamesRuntimes() throws {
      CoreState.begin()
      let shop = try Workshop()
      Self.define([("mine", ["libmine*", "libelse.so"])])
      let first = Ownership.owner(of: try shop.load(soname: "libmine.so.3"))
      let second = Ownership.owner(of: try shop.load(soname: "libelse.so"))
      #expect(Self.name(first) == "mine")
      #expect(first == second)
      #expect(Ownership.owner(of: try shop.load(soname: "libelse.so.1")) == Runtimes.app)
      #expect(Catalogue.entry(of: first)?.pointee.is_configured == 1)
      #expect(!Runtimes.isUnknown(first))
    }

    /// It gets further libraries and keeps its facts; and "app" is no runtime.
    @Test func theConfigurationAddsToABuiltInRuntime() throws {
      CoreState.begin()
      let shop = try Workshop()
      Self.define([("ecl", ["libmine.so"]), ("app", ["libruby.so.3"])])
      let mine = Ownership.owner(of: try shop.load(soname: "libmine.so"))
      #expect(Self.name(mine) == "ecl" && Catalogue.claims(mine) == COEXIST_CLAIMS_GREEDILY)
      let symbol = Workshop.symbol("GC_stop_world_external")
      let own = Ownership.owner(of: try shop.load(soname: "libecl.so.1", assembly: symbol))
      #expect(Self.name(own) == "ecl#2", "its library's name says more than the collector in it")
      #expect(Ownership.owner(of: try shop.load(soname: "libruby.so.3")) == Runtimes.app)
    }

    static func define(_ runtimes: [(name: String, libraries: [String])]) {
      let config = coexist_the_config()!
      config.pointee.definitions_count = UInt32(runtimes.count)
      withUnsafeMutableBytes(of: &config.pointee.definitions) { bytes in
        let definitions = bytes.bindMemory(to: coexist_definition.self)
        for (index, runtime) in runtimes.enumerated() {
          put(runtime.name, in: &definitions[index].name)
          definitions[index].libraries_count = UInt32(runtime.libraries.count)
          withUnsafeMutableBytes(of: &definitions[index].libraries) { bytes in
            for (place, library) in runtime.libraries.enumerated() {
              bytes[(64 * place)...].copyBytes(from: Array(library.utf8) + [0])
            }
          }
        }
      }
      coexist_catalogue_configure()
    }

    private static func put<Field>(_ text: String, in field: inout Field) {
      withUnsafeMutableBytes(of: &field) { $0.copyBytes(from: Array(text.utf8) + [0]) }
    }

    @Test func moreRuntimesThanNumbers() {
      CoreState.begin()
      let last = (0..<100).map { index in
        "lib\(index).so".withCString { Runtimes.add(catalogue: nil, library: $0, base: 1) }
      }
      let room = Int(COEXIST_RUNTIMES_MAX) - Int(COEXIST_RUNTIME_FIRST)
      #expect(last.prefix(room).elementsEqual((0..<UInt32(room)).map { Runtimes.first + $0 }))
      #expect(last.dropFirst(room).allSatisfy { $0 == Runtimes.app })
      #expect(Runtimes.count == UInt32(COEXIST_RUNTIMES_MAX))
      #expect(CoreState.warnings().contains { $0.hasPrefix("W203 ") })
    }
  }
}
