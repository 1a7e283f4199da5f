import Glibc

/// The libraries that the loader will load with a program, found as ld.so(8) says, without running
/// anything of the program's.
struct Dependencies {
  private(set) var images: [ElfImage] = []
  private(set) var missing: [String] = []

  /// At most so many; real programs stay far below.
  private static let limit = 1024

  init(of program: ElfImage, _ surroundings: Surroundings) {
    let preset = (surroundings.variables["LD_LIBRARY_PATH"] ?? "").split(separator: ":").map(
      String.init)
    let cache = Dependencies.loaderCache()
    var seen: Set<String> = []
    images = [program]
    var next = 0
    while next < images.count, images.count < Dependencies.limit {
      let image = images[next]
      next += 1
      for name in image.needed where seen.insert(name).inserted {
        if let found = Dependencies.find(name, image, preset, cache) {
          images.append(found)
        } else {
          missing.append(printable(name))
        }
      }
    }
  }

  private static func find(
    _ name: String, _ image: ElfImage, _ preset: [String], _ cache: [String: String]
  ) -> ElfImage? {
    if name.contains("/") { return ElfImage(name) }
    let origin = String(image.path[..<(image.path.lastIndex(of: "/") ?? image.path.startIndex)])
    let own = image.searchPaths.map {
      replace("$ORIGIN", in: replace("${ORIGIN}", in: $0, by: origin), by: origin)
    }
    for folder in own + preset {
      if let found = ElfImage(folder + "/" + name), found.is64Bit { return found }
    }
    if let path = cache[name], let found = ElfImage(path) { return found }
    for folder in ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64"] {
      if let found = ElfImage(folder + "/" + name) { return found }
    }
    return nil
  }

  /// What ldconfig(8) knows: name to path, 64-bit libraries only.
  private static func loaderCache() -> [String: String] {
    guard let pipe = popen("/sbin/ldconfig -p 2>/dev/null", "r") else { return [:] }
    defer { pclose(pipe) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let got = fread(&chunk, 1, chunk.count, pipe), got > 0 { text += chunk[..<got] }
    var result: [String: String] = [:]
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard line.contains("x86-64"), let name = parts.first, let path = parts.last else { continue }
      let key = String(name.drop { $0 == "\t" })
      if result[key] == nil { result[key] = String(path) }
    }
    return result
  }
}
