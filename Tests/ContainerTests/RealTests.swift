import Foundation
import Testing

/// Real runtimes several times in one process. Each fails bare, and holds 20 times in containers.
@Suite struct RealTests {
  static let vms = ["jdk17", "jdk25"].map { "\(Workshop.runtimes)/\($0)/lib/server/libjvm.so" }
  static let hasVms = vms.allSatisfy { FileManager.default.fileExists(atPath: $0) }
  static let include = "/usr/lib/jvm/java-17-openjdk-amd64/include"

  @Test("OpenJDK 17 and 25 at once", .enabled(if: hasVms))
  func jvms() throws {
    let headers = "-I\(Self.include) -I\(Self.include)/linux"
    let program = try Workshop.build("jvms", ["jvms.c"], headers)
    let words = "\(Workshop.runtimes)/built/jvm \(Self.vms.joined(separator: " "))"
    let bare = try Workshop.run("\(program) dlopen \(words)", limit: 60)
    #expect(bare.status != 0, "\(bare)")
    for run in 1...20 {
      let outcome = try Workshop.run("\(program) container \(words)", preload: true, limit: 60)
      try #require(outcome.status == 0, "run \(run): \(outcome)")
    }
  }

  /// CPythons that pyenv has, each with its own libpython and standard library.
  static let pythons: [String] = {
    let versions = "\(NSHomeDirectory())/.pyenv/versions"
    let homes = (try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? []
    return homes.filter { $0.hasPrefix("3.1") }.sorted().compactMap { home in
      let short = home.split(separator: ".").prefix(2).joined(separator: ".")
      let library = "\(versions)/\(home)/lib/libpython\(short).so.1.0"
      return FileManager.default.fileExists(atPath: library)
        ? "\(versions)/\(home) \(library)" : nil
    }
  }()

  @Test("CPythons in parallel", .enabled(if: pythons.count > 1))
  func parallelPythons() throws {
    let program = try Workshop.build("pythons", ["pythons.c"])
    let words = "1 \(Self.pythons.prefix(8).joined(separator: " "))"
    // Plain dlmopen is left out: whether its second libc shows depends on timing.
    let bare = try Workshop.run("\(program) dlopen \(words)", limit: 60)
    #expect(bare.status != 0, "\(bare)")
    for run in 1...20 {
      let outcome = try Workshop.run("\(program) container \(words)", preload: true, limit: 60)
      try #require(outcome.text.contains("all passed"), "run \(run): \(outcome)")
      try #require(outcome.status == 0 && !outcome.text.contains("closed"), "\(outcome)")
    }
  }
}
