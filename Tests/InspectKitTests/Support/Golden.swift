import Foundation
import Testing

/// Compares text with a file of Golden/. COEXIST_UPDATE_GOLDEN=1 writes the files anew: look at the
/// difference before you commit it.
func expectGolden(
  _ text: String, _ name: String, location: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Golden")
  let file = folder.appendingPathComponent(name + ".txt")
  let ended = text.hasSuffix("\n") ? text : text + "\n"
  if ProcessInfo.processInfo.environment["COEXIST_UPDATE_GOLDEN"] == "1" {
    try ended.write(to: file, atomically: true, encoding: .utf8)
  }
  let golden = try String(contentsOf: file, encoding: .utf8)
  #expect(ended == golden, "\(name) differs from its golden file", sourceLocation: location)
}
