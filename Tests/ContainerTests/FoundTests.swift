import Foundation
import Testing

/// A library that is named without a folder is found where the loader finds it, whether it is what
/// a container is opened for or what that needs: LD_LIBRARY_PATH, RUNPATH, ldconfig's cache, and
/// variants for newer processors.
@Suite struct FoundTests {
  static let containers: [String] = [
    "isolation = \"namespace\"", "copies = true", "isolation = \"scope\"",
  ]

  struct Place {
    let folder: String, program: String, withRunpath: String, needs: String

    /// Variant 1 and, for processors of this decade, 3 in `one`; variant 2 in `two`.
    init(_ name: String) throws {
      folder = "\(Workshop.folder)/found-\(name)"
      let made = try Workshop.run("mkdir -p \(folder)/one/glibc-hwcaps/x86-64-v3 \(folder)/two")
      try #require(made.status == 0)
      func library(_ path: String, _ flags: String) throws -> String {
        try Workshop.build(
          "found-\(name)/\(path)", ["finds_guest.c"], "-shared -fPIC \(flags)")
      }
      let soname = "-Wl,-soname,libfound.so.1"
      _ = try library("one/libfound.so.1", "-DVARIANT=1 \(soname)")
      _ = try library("one/glibc-hwcaps/x86-64-v3/libfound.so.1", "-DVARIANT=3 \(soname)")
      _ = try library("two/libfound.so.1", "-DVARIANT=2 \(soname)")
      needs = try library(
        "libneeds.so", "-DASKS -L\(folder)/one -l:libfound.so.1 -Wl,-soname,libneeds.so")
      program = try Workshop.build("found-\(name)/finds", ["finds.c"])
      withRunpath = try Workshop.build(
        "found-\(name)/finds-by-runpath", ["finds.c"],
        "-Wl,--enable-new-dtags,-rpath,\(folder)/two")
    }

    /// As bare, but in a container.
    func compare(_ command: String, _ container: String, library: String = "libfound.so.1") throws {
      let configuration = "\(folder)/\(UUID().uuidString).toml"
      try """
      version = 1
      [[container]]
      name = "found"
      libraries = ["\(library)"]
      \(container)
      """.write(toFile: configuration, atomically: true, encoding: .utf8)
      chmod(configuration, 0o600)
      let bare = try Workshop.run(command)
      let with = try Workshop.run(
        command, preload: true, environment: ["COEXIST_CONFIG": configuration])
      try #require(bare.status == 0, "\(bare)")
      let expected = bare.text.replacing("0 containers", with: "1 containers")
      #expect(with.text == expected, "\(command): \(with)")
    }
  }

  @Test(arguments: FoundTests.containers)
  func byTheEnvironment(_ container: String) throws {
    let place = try Place("environment-\(number(of: container))")
    for program in [place.program, place.withRunpath] {
      try place.compare(
        "LD_LIBRARY_PATH=\(place.folder)/one \(program) libfound.so.1 which", container)
    }
    try place.compare(
      "LD_LIBRARY_PATH=\(place.folder)/one \(place.program) \(place.needs) asks", container,
      library: "libneeds.so")
  }

  @Test(arguments: FoundTests.containers)
  func byTheCallersRunpath(_ container: String) throws {
    let place = try Place("runpath-\(number(of: container))")
    try place.compare("\(place.withRunpath) libfound.so.1 which", container)
  }

  /// In a mount namespace of its own the machine has another cache.
  @Test(arguments: FoundTests.containers)
  func byTheCache(_ container: String) throws {
    let place = try Place("cache-\(number(of: container))")
    let made = try Workshop.run(
      """
      cd \(place.folder); { cat /etc/ld.so.conf; echo \(place.folder)/one; } >conf
      /sbin/ldconfig -C cache -f conf 2>/dev/null; test -s cache && unshare -rm true
      """)
    try #require(made.status == 0, "\(made)")
    func cached(_ words: String) -> String {
      """
      unshare -rm sh -c 'mount --bind \(place.folder)/cache /etc/ld.so.cache \
      && exec \(place.program) \(words)'
      """
    }
    try place.compare(cached("libfound.so.1 which"), container)
    try place.compare(cached("\(place.needs) asks"), container, library: "libneeds.so")
  }

  private func number(of container: String) -> Int {
    Self.containers.firstIndex(of: container)!
  }
}
