import CCoexist

/// The files that `config init` and `config schema` give.
public enum Initial {
  /// A commented configuration with every key at its default.
  public static var template: String { String(cString: coexist_config_template()) }

  /// The draft-07 schema of the configuration.
  public static var schema: String { String(cString: coexist_config_schema()) }

  /// Writes the template. Throws T116 if the file exists and `force` is not given.
  public static func write(to path: String, force: Bool) throws(Failure) {
    try writeFile(template, to: path, force: force)
  }
}
