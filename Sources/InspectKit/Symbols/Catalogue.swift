import CInspect

/// The library's catalogue of known runtimes, for Swift.
struct KnownRuntime {
  enum Claims: UInt32 { case unknown, precisely, ownCode, greedily, never }
  enum Passes: UInt32 { case on, reported, never }

  let name: String
  let title: String
  /// Patterns of SONAMEs; a last `*` matches any rest. The first makes the runtime.
  let libraries: [String]
  let symbols: [String]
  let note: String?
  let claims: Claims
  let passes: Passes
  /// With SIG_DFL below it: reports and aborts.
  let bottomAborts: Bool

  /// nil = no built-in entry has this number (the configuration's, a newer library's, or damage).
  static func at(_ index: Int?) -> KnownRuntime? {
    guard let index, let entry = coexist_built_in_at(UInt32(clamping: index)) else { return nil }
    return KnownRuntime(entry)
  }

  static let all: [KnownRuntime] = (0..<Int(coexist_built_in_count)).compactMap(KnownRuntime.at)

  private init(_ entry: UnsafePointer<coexist_catalogue_entry>) {
    name = String(cString: entry.pointee.name)
    title = String(cString: entry.pointee.title)
    var copy = entry.pointee
    libraries = strings(&copy.libraries)
    symbols = strings(&copy.symbols)
    note = copy.note.map { String(cString: $0) }
    claims = Claims(rawValue: copy.claims) ?? .unknown
    passes = Passes(rawValue: copy.passes) ?? .on
    bottomAborts = copy.flags & COEXIST_BOTTOM_ABORTS.rawValue != 0
  }

  /// By which a runtime is told of a thread that it has not made.
  static let attachFunctions: [(attach: String, argument: String?)] =
    (0..<coexist_built_in_count).compactMap { index in
      guard let entry = coexist_built_in_at(index), let attach = entry.pointee.attach else {
        return nil
      }
      return (String(cString: attach), entry.pointee.attach_argument.map { String(cString: $0) })
    }

  /// The patterns of names that a library of this name exports as copies of others'.
  static func bundled(by library: String) -> [String] {
    guard let patterns = coexist_catalogue_bundled(library) else { return [] }
    return (0..<COEXIST_CATALOGUE_BUNDLED).compactMap {
      patterns[$0].map { String(cString: $0) }
    }
  }

  static func matches(_ pattern: String, _ name: String) -> Bool {
    pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
  }
}

/// The non-NULL pointers of a fixed array of C strings.
func strings<Tuple>(_ array: inout Tuple) -> [String] {
  withUnsafeBytes(of: &array) { bytes in
    bytes.bindMemory(to: UnsafePointer<CChar>?.self).compactMap { $0.map { String(cString: $0) } }
  }
}
