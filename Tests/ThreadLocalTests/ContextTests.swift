import Foundation
import Testing

/// Contexts that a host enters by hand, and what ends with them.
@Suite struct ContextTests {
  /// A block without alignment is entered inline, one with it by a call.
  @Test(arguments: ["-DPADDING=64 -DALIGNMENT=8", "-DPADDING=4096"])
  func byHand(_ flags: String) async throws {
    let workshop = Workshop.shared
    let guest = try await workshop.guest(
      "guest.c", flags.split(separator: " ").map(String.init))
    let filler = try await workshop.guest("guest.c", ["-ftls-model=local-dynamic"])
    let words = [try await workshop.program("contexts.c"), guest, filler]
    #expect(try run(words).code == 3, "without the preload the calls do nothing")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  /// A large block is allocated with its first access, and the loader's own function asks for it; a
  /// small one lies in the static storage. `now`: the table is closed when we write into it.
  @Test(arguments: ["gcc", "clang"], ["-DPADDING=4096", "-DPADDING=64 -DALIGNMENT=8"])
  func descriptors(_ compiler: String, _ size: String) async throws {
    let workshop = Workshop.shared
    let filler = try await workshop.guest("guest.c", ["-ftls-model=local-dynamic"])
    for linker in ["-Wl,-z,now", "-Wl,-z,lazy"] {
      let flags = size.split(separator: " ").map(String.init) + ["-mtls-dialect=gnu2", linker]
      let guest = try await workshop.guest("guest.c", compiler: compiler, flags)
      let words = [try await workshop.program("contexts.c"), guest, filler]
      #expect(try run(words).code == 3, "without the preload the calls do nothing")
      let migrating = [try await workshop.program("descriptors.c"), guest]
      #expect(try run(migrating).code == 1, "bare it must go wrong")
      for number in 1...runs {
        for program in [words, migrating] {
          let result = try run(program, preload: Workshop.library())
          try #require(result.code == 0, "run \(number): \(result.output)")
          try #require(!result.output.contains("warning"), "\(result.output)")
        }
      }
    }
  }

  /// A block without alignment is entered inline, one with it by a call.
  @Test(arguments: [
    "-DPADDING=64 -DALIGNMENT=8", "-DPADDING=64", "-DPADDING=64 -DALIGNMENT=8 -mtls-dialect=gnu2",
  ])
  func oneThreadThenOthers(_ flags: String) async throws {
    let guest = try await Workshop.shared.guest(
      "guest.c", flags.split(separator: " ").map(String.init))
    let words = [try await Workshop.shared.program("biased.c"), guest, "100"]
    #expect(try run(words).code == 3, "without the preload the calls do nothing")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  @Test func destructorsRunOnceInOrderAtTheEnd() async throws {
    let objects = try await Workshop.shared.guest("objects.cc")
    let program = try await Workshop.shared.program("destructors.c")
    #expect(try run([program, objects]).code == 1, "bare it must go wrong")
    for number in 1...runs {
      let result = try run([program, objects, "hand"], preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  @Test func severalLibrariesAreCopied() async throws {
    let flat = "-ftls-model=initial-exec"
    let guests = [
      try await Workshop.shared.guest("flat.c", [flat]),
      try await Workshop.shared.guest("flat.c", [flat, "-DROOM=40"]),
      try await Workshop.shared.guest("flat.c", ["-ftls-model=global-dynamic"]),
    ]
    let words = [try await Workshop.shared.program("copies.c")] + guests
    #expect(try run(words).code == 1, "bare it must go wrong")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  /// Two libraries with 20 ranges each: the second finds no room, and says so once. Its variables
  /// have the first one's names, so that it has no block of its own in the static storage.
  @Test func moreVariablesThanCanBeCopied() async throws {
    let flags = ["-ftls-model=initial-exec"]
    let inner = try await Workshop.shared.guest("many.c", flags)
    let guest = try await Workshop.shared.guest("many.c", flags + ["-Wl,--no-as-needed", inner])
    let names = stride(from: 0, to: 40, by: 2).map { "\"v\($0 / 10)\($0 % 10)\"" }
    let file = URL(filePath: guest).deletingLastPathComponent().appending(path: "many.toml")
    try "version = 1\n[[tls]]\nlibraries = [\"guest.so\"]\npolicy = \"copy\"\n"
      .appending("variables = [\(names.joined(separator: ", "))]\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let words = [try await Workshop.shared.program("ucontext.c"), guest, "50", "4"]
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library(), ["COEXIST_CONFIG": file.path])
      let told = result.output.components(separatedBy: "warning[W304]").count - 1
      try #require(told == 1, "run \(number): \(result.output)")
      // Only every second variable is exchanged.
      try #require(result.code == 1, "run \(number): \(result.output)")
    }
  }

  @Test func inSwift() async throws {
    let workshop = Workshop.shared
    let words = [
      try await workshop.swiftProgram("wrapper.swift"), try await workshop.guest("guest.c"),
    ]
    #expect(try run(words).code == 1, "bare it must go wrong")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  @Test func torture() async throws {
    let guest = try await Workshop.shared.guest("guest.c")
    let filler = try await Workshop.shared.guest("guest.c", ["-ftls-model=local-dynamic"])
    let words = [try await Workshop.shared.program("torture.c"), guest, filler, "1000"]
    #expect(try run(words).code != 0, "bare it must go wrong")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }

  @Test func proxiedCallsServeInitialExecCode() async throws {
    let guest = try await Workshop.shared.guest(
      "guest.c", ["-ftls-model=initial-exec", "-DPADDING=64"])
    let words = [try await Workshop.shared.program("proxied.c"), guest]
    #expect(try run(words).code == 1, "bare it must go wrong")
    for number in 1...runs {
      let result = try run(words, preload: Workshop.library())
      try #require(result.code == 0, "run \(number): \(result.output)")
    }
  }
}
