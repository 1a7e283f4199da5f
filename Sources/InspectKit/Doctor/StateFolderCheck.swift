import Glibc

/// D005: the folder into which the library will write PID.state.
enum StateFolderCheck {
  static func run(_ patient: Patient) -> [Finding] {
    let places = StateFolders(patient.surroundings).places
    guard let folder = places.first?.folder else { return [] }
    return [judge(folder, user: patient.surroundings.user)]
  }

  static func judge(_ folder: String, user: UInt32) -> Finding {
    let shown = printable(folder)
    var status = stat()
    guard lstat(folder, &status) == 0 else { return missing(folder) }
    if status.st_mode & S_IFMT != S_IFDIR {
      return Finding("D005", .problem, "\(shown) is no folder", remedy: "remove it")
    }
    if status.st_uid != user {
      return Finding(
        "D005", .problem, "\(shown) belongs to \(userName(status.st_uid))",
        remedy: "set XDG_RUNTIME_DIR to a folder of yours; without a state file the program is "
          + "protected as usual, but cannot be looked at")
    }
    if status.st_mode & 0o022 != 0 {
      return Finding(
        "D005", .problem, "\(shown) may be written to by others", remedy: "chmod 700 \(shown)")
    }
    return Finding("D005", .good, "state files go to \(shown)")
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The library makes the folder and the one above it.
  private static func missing(_ folder: String) -> Finding {
    var path = folder
    while let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      path = String(path[..<slash])
      guard exists(path) else { continue }
      if isFolder(path), access(path, W_OK) == 0 {
        return Finding(
          "D005", .good, "state files go to \(printable(folder))", note: "will be made")
      }
      break
    }
    return Finding(
      "D005", .problem, "\(printable(folder)) cannot be made",
      remedy: "set XDG_RUNTIME_DIR to a folder of yours")
  }
}
