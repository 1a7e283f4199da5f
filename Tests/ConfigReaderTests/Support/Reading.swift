import CCoexist
import ConfigReader

/// One diagnostic, in the order of the C structure.
struct Diagnostic: Equatable, CustomStringConvertible {
  var code: String
  var severity: String
  var line: UInt32
  var column: UInt32
  var length: UInt32
  var message: String
  var label: String
  var help: String

  /// "C002 3:11+5: unknown key …" — what most tests compare.
  var description: String { "\(code) \(line):\(column)+\(length): \(message)" }
}

struct Setting: Equatable {
  var key: String
  var value: String
  var line: UInt32
  var column: UInt32
}

/// What one reading gave.
final class Reading {
  private let storage: UnsafeMutablePointer<coexist_config>
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var settings: [Setting] = []
  private(set) var errors = 0

  private init() {
    storage = .allocate(capacity: 1)
    // Not zero, so that a field that the defaults forget is seen.
    UnsafeMutableRawPointer(storage).initializeMemory(
      as: UInt8.self, repeating: 0xA5, count: MemoryLayout<coexist_config>.size)
    coexist_config_defaults(storage)
  }

  deinit { storage.deallocate() }

  var config: coexist_config {
    get { withExtendedLifetime(self) { storage.pointee } }
    set { withExtendedLifetime(self) { storage.pointee = newValue } }
  }

  /// All of the structure, padding included.
  var bytes: [UInt8] {
    withExtendedLifetime(self) {
      Array(UnsafeRawBufferPointer(start: storage, count: MemoryLayout<coexist_config>.size))
    }
  }

  convenience init(bytes: [UInt8], source: String? = "coexist-config.toml") {
    self.init()
    let context = Unmanaged.passUnretained(self).toOpaque()
    errors = bytes.withUnsafeBytes { text in
      Int(
        coexist_config_read(
          text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, source, storage,
          onDiagnostic, onSetting, context))
    }
  }

  convenience init(_ text: String) { self.init(bytes: Array(text.utf8)) }

  convenience init(options: String?) {
    self.init()
    let context = Unmanaged.passUnretained(self).toOpaque()
    errors = Int(coexist_config_options(options, storage, onDiagnostic, onSetting, context))
  }

  static var defaults: Reading { Reading(options: "") }

  var summary: [String] { diagnostics.map(\.description) }
  var values: [String: String] {
    Dictionary(settings.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  var rules: [Rule] {
    withUnsafePointer(to: config.rules) { tuple in
      tuple.withMemoryRebound(to: coexist_rule.self, capacity: Int(COEXIST_RULES_MAX)) { rules in
        (0..<Int(config.rules_count)).map { Rule(rules + $0) }
      }
    }
  }

  var definitions: [Definition] {
    withUnsafePointer(to: config.definitions) { tuple in
      tuple.withMemoryRebound(
        to: coexist_definition.self, capacity: Int(COEXIST_DEFINITIONS_MAX)
      ) { definitions in
        (0..<Int(config.definitions_count)).map { Definition(definitions + $0) }
      }
    }
  }

  fileprivate func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
  fileprivate func add(_ setting: Setting) { settings.append(setting) }
}

struct Rule: Equatable {
  var signals: UInt64
  var until: UInt32
  var line: UInt32
  var order: [String]
  var reason: String

  init(_ rule: UnsafePointer<coexist_rule>) {
    signals = rule.pointee.signals
    until = rule.pointee.until
    line = rule.pointee.line
    let count = Int(rule.pointee.order_count)
    order = withUnsafeBytes(of: rule.pointee.order) {
      texts(in: $0, width: Int(COEXIST_NAME_MAX), count: count)
    }
    reason = withUnsafeBytes(of: rule.pointee.reason) { text(in: $0[...]) }
  }
}

struct Definition: Equatable {
  var name: String
  var libraries: [String]

  init(_ definition: UnsafePointer<coexist_definition>) {
    name = withUnsafeBytes(of: definition.pointee.name) { text(in: $0[...]) }
    let count = Int(definition.pointee.libraries_count)
    libraries = withUnsafeBytes(of: definition.pointee.libraries) {
      texts(in: $0, width: 64, count: count)
    }
  }
}

/// The text in a fixed-size C array.
func fixed<Array>(_ array: Array) -> String {
  withUnsafeBytes(of: array) { text(in: $0[...]) }
}

private func text(in bytes: Slice<UnsafeRawBufferPointer>) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}

private func texts(in bytes: UnsafeRawBufferPointer, width: Int, count: Int) -> [String] {
  (0..<count).map { text(in: bytes[($0 * width)..<(($0 + 1) * width)]) }
}

private let onDiagnostic: coexist_diagnostic_sink = { diagnostic, context in
  guard let found = diagnostic?.pointee, let context else { return }
  Unmanaged<Reading>.fromOpaque(context).takeUnretainedValue().add(
    Diagnostic(
      code: fixed(found.code),
      severity: found.severity == COEXIST_SEVERITY_ERROR.rawValue ? "error" : "warning",
      line: found.line, column: found.column, length: found.length,
      message: String(cString: found.message), label: String(cString: found.label),
      help: String(cString: found.help)))
}

private let onSetting: coexist_setting_sink = { setting, context in
  guard let read = setting?.pointee, let context else { return }
  Unmanaged<Reading>.fromOpaque(context).takeUnretainedValue().add(
    Setting(
      key: String(cString: read.key), value: String(cString: read.value), line: read.line,
      column: read.column))
}
