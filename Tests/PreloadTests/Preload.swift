import Foundation

/// The library under test and the folders around it.
enum Preload {
  /// `Tests/`, found from this file.
  static let tests = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
  static let fixtures = tests.appending(path: "Fixtures")

  /// `COEXIST_LIBRARY`, or else the newest library that was built in this repository.
  static let library: String? = {
    if let named = ProcessInfo.processInfo.environment["COEXIST_LIBRARY"] { return named }
    let build = tests.deletingLastPathComponent().appending(path: ".build")
    let built = ["debug", "release"].map { build.appending(path: "\($0)/libcoexist.so").path }
    return built.filter { FileManager.default.fileExists(atPath: $0) }.max { age($0) < age($1) }
  }()

  static func require() throws -> String {
    guard let library else {
      throw Trouble("libcoexist.so is not built (swift build), and COEXIST_LIBRARY is not set")
    }
    return library
  }

  private static func age(_ path: String) -> Date {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }
}

struct Trouble: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
