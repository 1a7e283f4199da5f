import Foundation
import Testing

/// A program without a container loads as if there were none to be had: the same objects in the
/// same order, bound to the same symbols, in one namespace, with no further file open or mapped.
@Suite struct TransparencyTests {
  let program: String

  init() throws {
    program = try Workshop.build("loaded-\(UUID().uuidString)", ["loaded.c"])
  }

  private func isOurs(_ path: Substring) -> Bool {
    path.contains("libcoexist.so") || path.contains("liburcu-bp.so")
  }

  @Test(arguments: ["libsqlite3.so.0", "libstdc++.so.6"])
  func theSameLinkMaps(_ library: String) throws {
    let bare = try Workshop.run("\(program) \(library)")
    let with = try Workshop.run("\(program) \(library)", preload: true)
    try #require(bare.status == 0 && with.status == 0, "\(bare) \(with)")
    let ours = with.text.split(separator: "\n").filter { isOurs($0) }
    #expect(ours.count == 2)
    let others = with.text.split(separator: "\n").filter { !isOurs($0) }
    #expect(others == bare.text.split(separator: "\n"))
  }

  /// "FILE NAME" → the file that has it, as the loader says it.
  private func bindings(_ text: String) -> [String: Substring] {
    let line = #/binding file (\S+) \[(\S+)\] to (\S+) \[(\S+)\]: normal symbol `([^']*)'(.*)/#
    var result: [String: Substring] = [:]
    for match in text.matches(of: line) {
      let (_, file, from, target, to, symbol, version) = match.output
      #expect(from == "0" && to == "0", "another namespace: \(match.output.0)")
      if !isOurs(file) { result["\(file) \(symbol)\(version)"] = target }
    }
    return result
  }

  @Test(arguments: ["libsqlite3.so.0", "libstdc++.so.6"])
  func theSameBindings(_ library: String) throws {
    let loud = ["LD_DEBUG": "bindings", "LD_BIND_NOW": "1"]
    let command = "exec \(program) \(library)"
    let bare = bindings(try Workshop.run(command, environment: loud).text)
    let with = bindings(try Workshop.run(command, preload: true, environment: loud).text)
    #expect(bare.count > 500)
    let maps = try ["preload/libcoexist.map", "preload/loader.map"].map {
      try String(contentsOf: Workshop.root.appending(path: $0), encoding: .utf8)
    }
    let names = Set(maps.joined().split { !$0.isLetter && !$0.isNumber && $0 != "_" })
    var interposed = 0
    for (what, target) in bare {
      guard let found = with[what] else {
        Issue.record("\(what) is not bound")
        continue
      }
      guard found != target else { continue }
      let symbol = what.split(separator: " ")[1]
      #expect(isOurs(found) && names.contains(symbol), "\(what): \(found), not \(target)")
      interposed += 1
    }
    #expect(interposed > 0, "the library is not there")
  }

  @Test func noFurtherFile() throws {
    let command = "cat /proc/self/maps | grep -o '/[^ ]*$' | sort -u; ls -l /proc/self/fd"
    let bare = try Workshop.run(command)
    let with = try Workshop.run(command, preload: true)
    #expect(bare.status == 0 && with.status == 0)
    let lines = { (text: String) in Set(text.split(separator: "\n").filter { $0.first == "/" }) }
    for path in lines(with.text).subtracting(lines(bare.text)) {
      #expect(isOurs(path) || path.hasSuffix(".state"), "\(path)")
    }
    #expect(with.text.contains("libcoexist.so"))
    #expect(!with.text.contains("memfd"), "\(with)")
  }
}
