import Foundation
import Testing

/// libcoexist-config.so as libcoexist.so opens it inside strangers.
@Suite struct LibraryTests {
  private let library = productFolder.appendingPathComponent("libcoexist-config.so").path

  @Test func needsLibcAlone() throws {
    let (status, output) = try run("readelf", ["-d", library])
    try #require(status == 0, "\(output)")
    let needed = output.split(separator: "\n").filter { $0.contains("(NEEDED)") }
    #expect(needed.count == 1)
    #expect(needed.allSatisfy { $0.contains("[libc.so.6]") })
    // One entry, the compiler's own frame_dummy: no global constructor.
    #expect(output.contains(/INIT_ARRAYSZ\) +8 \(bytes\)/))
  }

  @Test func exportsTheContractAlone() throws {
    let (status, output) = try run("nm", ["-D", library])
    try #require(status == 0, "\(output)")
    let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
    let exported = lines.filter { $0.count == 3 && $0[1] == "T" }.map { String($0[2]) }.sorted()
    let names = ["defaults", "options", "read", "schema", "template"]
    #expect(exported == names.map { "coexist_config_\($0)@@COEXIST_CONFIG_1.0" })
    // Memory and strings; no locale, no unwinder, no thread-local storage, no C++ runtime.
    let allowed: Set = [
      "__libc_single_threaded", "abort", "aligned_alloc", "bcmp", "free", "malloc", "memchr",
      "memcmp", "memcpy", "memmove", "memset", "strlen", "strncpy",
    ]
    let imported = lines.filter { $0.count == 2 && $0[0] == "U" }
      .map { String($0[1].prefix { $0 != "@" }) }
    #expect(Set(imported).subtracting(allowed) == [])
  }
}
