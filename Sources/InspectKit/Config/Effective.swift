import CCoexist

/// Every scalar key with the value that struct coexist_config holds, as TOML text, in the order of
/// the file's reference.
func effectiveSettings(
  _ raw: UnsafeMutablePointer<coexist_config>
) -> [(key: String, value: String)] {
  let modes = ["off", "observe", "enforce"]
  let levels = ["off", "error", "warn", "info", "debug"]
  func choice(_ names: [String], _ index: UInt32) -> String {
    quoted(names.indices.contains(Int(index)) ? names[Int(index)] : "?")
  }
  let config = raw.pointee
  return [
    ("version", "1"),
    ("process.mode", choice(modes, config.mode)),
    ("process.children", choice(["inherit", "strip"], config.children_strip)),
    ("process.on_error", choice(["degrade", "abort"], config.abort_on_error)),
    ("log.level", choice(levels, config.log_level)),
    ("log.file", quoted(fixedText(&raw.pointee.log_file))),
    ("log.format", choice(["text", "json"], config.log_format)),
    ("state.publish", config.publish != 0 ? "true" : "false"),
    ("state.path", quoted(fixedText(&raw.pointee.state_path))),
    ("signals.default", choice(["chain", "last-wins"], config.last_wins)),
    ("signals.altstack_min_kib", "\(config.altstack_min_kib)"),
  ]
}

private func quoted(_ text: String) -> String {
  "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
    + "\""
}
