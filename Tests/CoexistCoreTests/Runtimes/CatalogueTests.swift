import Foundation
import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// The catalogue as data: complete, and as the folder has it.
@Suite struct CatalogueTests {
  static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/CCoexist")

  static let entries = (0..<coexist_built_in_count).map { coexist_built_in_at($0)!.pointee }

  static func source(_ path: String) throws -> String {
    try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
  }

  static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }

  static func strings<Tuple>(_ tuple: Tuple) -> [String] {
    withUnsafeBytes(of: tuple) { bytes in
      bytes.bindMemory(to: UnsafePointer<CChar>?.self).compactMap { $0 }.map { String(cString: $0) }
    }
  }

  @Test func everyEntrySaysWhatItIsAndWhereFrom() {
    for entry in Self.entries {
      let name = Self.text(entry.name)
      #expect(name.wholeMatch(of: /[a-z][a-z0-9]*/) != nil, "\(name)")
      #expect(name.utf8.count + 3 < 32, "\(name): no room for #62 in the state")
      #expect(!Self.text(entry.title).isEmpty, "\(name)")
      #expect(!Self.text(entry.stack).isEmpty, "\(name)")
      #expect(Self.text(entry.source).contains("/"), "\(name): a file of the runtime's sources")
      let names = Self.strings(entry.libraries) + Self.strings(entry.symbols)
      let marks = names + [Self.text(entry.note)]
      #expect(marks.contains { !$0.isEmpty }, "\(name) can't be recognised")
      #expect(entry.signals != 0, "\(name)")
      // Real-time signals are searched for a free one, so which is not known beforehand.
      let fixed = entry.private_signals & ~(~0 << 33)
      #expect(fixed & ~entry.signals == 0, "\(name): private, but not installed")
      #expect(entry.claims <= 4 && entry.passes <= 2 && entry.previous <= 1 && entry.flags < 128)
      #expect(entry.tls <= COEXIST_TLS_POLICY_PROXY.rawValue && entry.is_configured == 0)
      #expect(entry.attach_argument == nil || entry.attach != nil, "\(name)")
    }
  }

  /// The configuration reader takes the names from the ids, which are the files' names.
  @Test func everyDataFileIsAnEntry() throws {
    let folder = Self.sources.appendingPathComponent("catalogue").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(files.filter { $0 != "all.h" } == Self.entries.map { Self.text($0.name) + ".h" })
    for entry in Self.entries {
      let name = Self.text(entry.name)
      #expect(try Self.source("catalogue/\(name).h").contains("COEXIST_RUNTIME(\(name),"))
    }
  }

  /// Which entry a library falls to must not depend on the order of the files.
  @Test func noLibraryHasTwoOwners() {
    for (index, entry) in Self.entries.enumerated() {
      for library in Self.strings(entry.libraries) {
        let name = library.replacingOccurrences(of: "*", with: ".1")
        let owners = Self.entries.indices.filter { other in
          Self.strings(Self.entries[other].libraries).contains {
            coexist_text_matches(name, $0) != 0
          }
        }
        #expect(owners == [index], "\(library)")
        #expect(coexist_object_is_system(name) == 0, "\(library)")
      }
    }
  }

  /// The first library of an entry makes a runtime and the others join it: a pattern that an
  /// earlier one covers is never reached, and its library would not join.
  @Test func noPatternCoversALaterOne() {
    for entry in Self.entries {
      let libraries = Self.strings(entry.libraries)
      for (index, library) in libraries.enumerated() {
        let name = library.replacingOccurrences(of: "*", with: ".1")
        let first = libraries.firstIndex { coexist_text_matches(name, $0) != 0 }
        #expect(first == index, "\(library) is also \(libraries[first ?? index])")
      }
    }
  }

  @Test func patternsMatchOnlyARest() {
    let matching = [("liba.so.6", "liba.so*"), ("liba.so", "liba.so*"), ("a", "a"), ("", "*")]
    let others = [("lib.so", "liba.so*"), ("liba.so.6", "liba.so"), ("", "a"), ("ab", "*b")]
    for (text, pattern) in matching { #expect(coexist_text_matches(text, pattern) != 0) }
    for (text, pattern) in others { #expect(coexist_text_matches(text, pattern) == 0) }
  }
}
