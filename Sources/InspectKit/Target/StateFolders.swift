import Glibc

/// Where state files may be: the library's own rule, applied to the tool's surroundings.
struct StateFolders {
  /// A folder and the pattern of file names in it, with `%p` for the process's number.
  struct Place: Equatable {
    let folder: String
    let pattern: String

    func path(of pid: Int) -> String { folder + "/" + replace("%p", in: pattern, by: "\(pid)") }

    /// The files that are there, and the process's number in each name that fits the pattern.
    /// By bytes: there may be thousands.
    var files: [(pid: Int, name: String)] {
      guard let hole = range(of: "%p", in: pattern) else { return [] }
      let before = pattern[..<hole.lowerBound].utf8
      let after = pattern[hole.upperBound...].utf8
      return names(in: folder, beginning: String(pattern[..<hole.lowerBound])).compactMap { name in
        let bytes = name.utf8
        guard bytes.count > before.count + after.count,
          bytes.suffix(after.count).elementsEqual(after)
        else { return nil }
        let digits = Substring(bytes.dropFirst(before.count).dropLast(after.count))
        return Int(digits).map { ($0, name) }
      }
    }
  }

  let places: [Place]

  init(_ surroundings: Surroundings) {
    var places: [Place] = []
    if let template = surroundings.variable("COEXIST_STATE") {
      places.append(StateFolders.place(template, surroundings))
    }
    let temporary = surroundings.temporaryFolders
    places += StateFolders.defaults(
      runtime: surroundings.variable("XDG_RUNTIME_DIR"), temporary: temporary,
      user: surroundings.user)
    if surroundings.user == 0 { places += temporary.flatMap(StateFolders.everybody) }
    self.places = places.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Without XDG_RUNTIME_DIR the library's default is `coexist-UID` in the temporary folder, and a
  /// configuration that says `%r/coexist/%p.state` gives a folder in that.
  static func defaults(runtime: String?, temporary: [String], user: UInt32) -> [Place] {
    let own = runtime.map { [$0 + "/coexist"] } ?? []
    let shared = temporary.flatMap { ["\($0)/coexist-\(user)", "\($0)/coexist-\(user)/coexist"] }
    return (own + shared).map { Place(folder: $0, pattern: "%p.state") }
  }

  /// The place that a path template such as `%r/coexist/%p.state` names.
  static func place(_ template: String, _ surroundings: Surroundings) -> Place {
    let runtime =
      surroundings.variable("XDG_RUNTIME_DIR")
      ?? surroundings.temporaryFolder + "/coexist-\(surroundings.user)"
    let path = surroundings.absolute(replace("%r", in: template, by: runtime))
    let slash = path.lastIndex(of: "/")!
    return Place(folder: String(path[..<slash]), pattern: String(path[path.index(after: slash)...]))
  }

  /// What root sees beyond its own: the folders of every user.
  private static func everybody(_ temporary: String) -> [Place] {
    let users = names(in: "/run/user").map { "/run/user/\($0)/coexist" }
    let others = names(in: temporary, beginning: "coexist-")
      .flatMap { [temporary + "/" + $0, temporary + "/" + $0 + "/coexist"] }
    return (users + others).map { Place(folder: $0, pattern: "%p.state") }
  }
}

/// Names in a folder, sorted; none if it cannot be read.
func names(in folder: String, beginning: String = "") -> [String] {
  guard let stream = opendir(folder) else { return [] }
  defer { closedir(stream) }
  var result: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) {
      $0.starts(with: beginning.utf8) ? String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) : "."
    }
    if name != ".", name != ".." { result.append(name) }
  }
  return result.sorted()
}

func range(of part: String, in text: String) -> Range<String.Index>? {
  var start = text.startIndex
  while start < text.endIndex {
    if text[start...].hasPrefix(part) {
      return start..<text.index(start, offsetBy: part.count)
    }
    start = text.index(after: start)
  }
  return nil
}

func replace(_ part: String, in text: String, by value: String) -> String {
  guard let found = range(of: part, in: text) else { return text }
  return text[..<found.lowerBound] + value + text[found.upperBound...]
}
