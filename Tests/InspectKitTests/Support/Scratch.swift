import Foundation

@testable import InspectKit

/// A folder for one test, removed with it.
final class Scratch {
  let path: String

  init() {
    var template = Array("/tmp/inspectkit-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ text: String, mode: mode_t = 0o644) -> String {
    let full = path + "/" + name
    writeFile(Array(text.utf8), full)
    chmod(full, mode)
    return full
  }

  func folder(_ name: String) -> String {
    let full = path + "/" + name
    try? FileManager.default.createDirectory(atPath: full, withIntermediateDirectories: true)
    return full
  }

  /// Nothing of the machine is found: every place is in the scratch folder.
  var variables: [String: String] {
    [
      "NO_COLOR": "1", "COLUMNS": "100", "TZ": "UTC", "HOME": path, "TMPDIR": path,
      "XDG_RUNTIME_DIR": path, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
    ]
  }

  var surroundings: Surroundings {
    Surroundings(
      variables: variables, directory: path, user: geteuid(), now: SyntheticState.now)
  }
}

func writeFile(_ bytes: [UInt8], _ path: String) {
  _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
}
