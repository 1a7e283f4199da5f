import Glibc

/// Where a configuration may be, in the order in which the first that exists is used.
public struct ConfigurationPlaces: Sendable {
  public enum Kind: String, Encodable, Sendable {
    /// By --config or COEXIST_CONFIG.
    case named
    /// In the working directory.
    case directory
    /// In a folder above it, up to the repository's root; only this tool looks there.
    case parent
    /// $XDG_CONFIG_HOME/coexist or ~/.config/coexist.
    case user
    /// /etc/coexist
    case machine
  }

  public struct Place: Encodable, Sendable {
    public let kind: Kind
    public let path: String
    public let exists: Bool
    /// nil = may be used; otherwise why not, a phrase.
    public let refused: String?
  }

  static let fileName = "coexist-config.toml"

  public let places: [Place]
  /// COEXIST_CONFIG=none: no file is used.
  public let disabled: Bool

  public init(_ surroundings: Surroundings, named: String? = nil) {
    let name = named ?? surroundings.variable("COEXIST_CONFIG")
    disabled = name == "none"
    if let name {
      places = disabled ? [] : [ConfigurationPlaces.place(.named, name, surroundings)]
      return
    }
    let fileName = ConfigurationPlaces.fileName
    var places = [ConfigurationPlaces.place(.directory, fileName, surroundings)]
    places += ConfigurationPlaces.parents(surroundings.directory).map {
      ConfigurationPlaces.place(.parent, $0 + "/" + fileName, surroundings)
    }
    let home = surroundings.variable("HOME").map { $0 + "/.config" }
    if let folder = surroundings.variable("XDG_CONFIG_HOME") ?? home {
      places.append(ConfigurationPlaces.place(.user, folder + "/coexist/" + fileName, surroundings))
    }
    places.append(ConfigurationPlaces.place(.machine, "/etc/coexist/" + fileName, surroundings))
    self.places = places
  }

  /// The first that exists, if it may be used.
  public var used: Place? { first.flatMap { $0.exists && $0.refused == nil ? $0 : nil } }

  /// The first that exists; a named one also if it does not, because its name was meant.
  public var first: Place? { places.first { $0.exists || $0.kind == .named } }

  /// The folders above the working directory, nearest first, if one of them is a repository.
  private static func parents(_ directory: String) -> [String] {
    if exists(directory + "/.git") { return [] }
    var result: [String] = []
    var folder = directory
    while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      folder = String(folder[..<slash])
      result.append(folder)
      if exists(folder + "/.git") { return result }
    }
    return []
  }

  /// As the library trusts it: an ordinary file of the user's or root's that only they can write.
  private static func place(
    _ kind: Kind, _ path: String, _ surroundings: Surroundings
  ) -> Place {
    var status = stat()
    let absolute = surroundings.absolute(path)
    guard stat(absolute, &status) == 0 else {
      return Place(kind: kind, path: absolute, exists: false, refused: nil)
    }
    var refused: String?
    if status.st_mode & S_IFMT != S_IFREG {
      refused = "it is no ordinary file"
    } else if status.st_uid != surroundings.user, status.st_uid != 0 {
      refused = "it belongs to \(userName(status.st_uid))"
    } else if status.st_mode & 0o022 != 0 {
      refused = "others may write to it"
    }
    return Place(kind: kind, path: absolute, exists: true, refused: refused)
  }
}
