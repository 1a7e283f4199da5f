import CCoexist
import ConfigReader

/// One mistake in a configuration, with its place. Texts are printable.
public struct Mistake: Sendable, Equatable {
  public var code: String
  public var isError: Bool
  /// Count from 1; 0 = not known.
  public var line: Int
  public var column: Int
  /// Of the underlined text, in bytes.
  public var length: Int
  public var message: String
  public var label: String
  public var help: String
}

/// One key that was read.
public struct Setting: Sendable, Equatable {
  public var key: String
  /// TOML text.
  public var value: String
  /// 0 = not from a file.
  public var line: Int
  public var column: Int
}

/// A configuration as the library's own reader understands it.
public struct Configuration {
  public private(set) var mistakes: [Mistake] = []
  /// What the file and then COEXIST_OPTIONS set, in the order of reading.
  public private(set) var settings: [Setting] = []
  /// Every key outside the tables of rules, runtimes: its effective value.
  private(set) var effective: [(key: String, value: String)] = []
  private(set) var rules: [Rule] = []
  public private(set) var keys = 0
  /// [[container]] tables.
  private(set) var containers = 0
  /// [[runtime]] tables, each with what the catalogue says of its name.
  private(set) var runtimes: [RuntimeFacts] = []
  /// The same, as what recognises them.
  private(set) var known: [KnownRuntime] = []

  /// Reads TOML text over the defaults, then `options` over it.
  static func read(_ text: [UInt8], source: String, options: String? = nil) -> Configuration {
    let raw = UnsafeMutablePointer<coexist_config>.allocate(capacity: 1)
    defer { raw.deallocate() }
    var result = Configuration()
    withUnsafeMutablePointer(to: &result) { context in
      coexist_config_defaults(raw)
      text.withUnsafeBytes { bytes in
        _ = coexist_config_read(
          bytes.baseAddress, bytes.count, source, raw, sinkMistake, sinkSetting, context)
      }
      if let options {
        _ = coexist_config_options(options, raw, sinkMistake, sinkSetting, context)
      }
    }
    result.keys = Int(raw.pointee.keys)
    result.decode(raw)
    return result
  }

  /// The built-in defaults with `options` over them.
  static func defaults(options: String? = nil) -> Configuration {
    let raw = UnsafeMutablePointer<coexist_config>.allocate(capacity: 1)
    defer { raw.deallocate() }
    var result = Configuration()
    withUnsafeMutablePointer(to: &result) { context in
      coexist_config_defaults(raw)
      if let options {
        _ = coexist_config_options(options, raw, sinkMistake, sinkSetting, context)
      }
    }
    result.decode(raw)
    return result
  }

  private mutating func decode(_ raw: UnsafeMutablePointer<coexist_config>) {
    effective = effectiveSettings(raw)
    containers = Int(raw.pointee.containers_count)
    (runtimes, known) = describedRuntimes(raw)
    let count = min(Int(raw.pointee.rules_count), Int(COEXIST_RULES_MAX))
    withUnsafeMutableBytes(of: &raw.pointee.rules) { bytes in
      for (index, rule) in bytes.bindMemory(to: coexist_rule.self).prefix(count).enumerated() {
        var rule = rule
        rules.append(Rule(index + 1, &rule))
      }
    }
  }

  fileprivate mutating func add(_ mistake: Mistake) { mistakes.append(mistake) }
  fileprivate mutating func add(_ setting: Setting) { settings.append(setting) }
}

private func describedRuntimes(
  _ raw: UnsafeMutablePointer<coexist_config>
) -> ([RuntimeFacts], [KnownRuntime]) {
  let count = min(Int(raw.pointee.definitions_count), Int(COEXIST_DEFINITIONS_MAX))
  var facts: [RuntimeFacts] = []
  var known: [KnownRuntime] = []
  withUnsafeBytes(of: &raw.pointee.definitions) { bytes in
    for definition in bytes.bindMemory(to: coexist_definition.self).prefix(count).indices {
      var described = coexist_described()
      coexist_catalogue_describe(
        &described,
        bytes.baseAddress!.assumingMemoryBound(to: coexist_definition.self) + definition)
      facts.append(RuntimeFacts(described.entry))
      known.append(KnownRuntime(described.entry))
    }
  }
  return (facts, known)
}

extension Rule {
  fileprivate init(_ index: Int, _ raw: inout coexist_rule) {
    self.index = index
    signals = raw.signals
    untilAll = raw.until == UInt32(COEXIST_UNTIL_ALL.rawValue)
    line = Int(raw.line)
    let count = min(Int(raw.order_count), Int(COEXIST_RULE_ORDER_MAX))
    order = withUnsafeBytes(of: &raw.order) { bytes in
      (0..<count).map { place in
        let name = bytes[(place * Int(COEXIST_NAME_MAX))...].prefix(Int(COEXIST_NAME_MAX))
        return printable(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
      }
    }
    reason = fixedText(&raw.reason)
  }
}

private func printableText(_ pointer: UnsafePointer<CChar>?) -> String {
  pointer.map { printable(String(cString: $0)) } ?? ""
}

private let sinkMistake: coexist_diagnostic_sink = { diagnostic, context in
  guard let diagnostic, let context else { return }
  var raw = diagnostic.pointee
  context.assumingMemoryBound(to: Configuration.self).pointee.add(
    Mistake(
      code: fixedText(&raw.code), isError: raw.severity != 0, line: Int(raw.line),
      column: Int(raw.column), length: max(1, Int(raw.length)),
      message: printableText(raw.message), label: printableText(raw.label),
      help: printableText(raw.help)))
}

private let sinkSetting: coexist_setting_sink = { setting, context in
  guard let setting, let context else { return }
  context.assumingMemoryBound(to: Configuration.self).pointee.add(
    Setting(
      key: printableText(setting.pointee.key), value: printableText(setting.pointee.value),
      line: Int(setting.pointee.line), column: Int(setting.pointee.column)))
}
