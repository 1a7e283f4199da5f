import Foundation
import Testing

/// Code of a container has a name: in the line of a crash, for coexist-inspect, and in gdb.
@Suite struct NamedTests {
  static let isolations = ["0 0", "1 0", "1 1"]  // flags and isolation

  struct Guests {
    let program: String, guest: String

    /// Tests run in parallel, and gdb wants the file that runs: each has files of its own.
    init(_ test: String, _ words: String) throws {
      let name = "\(test)-\(words.replacing(" ", with: "-"))"
      program = try Workshop.build("named-\(name)", ["named.c"])
      guest = try Workshop.build(
        "libnamed-\(name).so", ["life_guest.cc"], "-shared -fPIC -Wl,-soname,libnamed.so")
    }
  }

  @Test("a crash names its container", arguments: isolations)
  func crash(_ words: String) throws {
    let guests = try Guests("crash", words)
    for run in 1...20 {
      let outcome = try Workshop.run(
        "\(guests.program) \(guests.guest) \(words) crash", preload: true,
        environment: ["SWIFT_BACKTRACE": "enable=no"])
      try #require(
        outcome.status == 139 && outcome.text.contains("in libnamed.so+")
          && outcome.text.contains(", container guests, code of libnamed.so: nobody claimed it"),
        "run \(run): \(outcome)")
    }
  }

  /// gdb's own list of objects has no names for copies in memory.
  @Test("gdb and the inspector name it", arguments: isolations)
  func debugger(_ words: String) throws {
    let guests = try Guests("gdb", words)
    let inspector = URL(filePath: Workshop.library).deletingLastPathComponent()
      .appending(path: "coexist-inspect").path
    try #require(FileManager.default.isExecutableFile(atPath: inspector))
    let gdb = """
      gdb -q -nx -batch -p $pid -x commands -ex 'thread apply all bt 8' -ex 'info symbol '$address
      """
    let outcome = try Workshop.run(
      """
      folder=$(mktemp -d); cd $folder
      LD_PRELOAD=\(Workshop.library) \(guests.program) \(guests.guest) \(words) >address & pid=$!
      for i in $(seq 100); do [ -s address ] && break; sleep 0.1; done
      address=$(cat address)
      \(inspector) containers --gdb $pid >commands && cat commands
      \(inspector) explain $address $pid
      \(gdb)
      kill -9 $pid; cd /; rm -r $folder
      """, limit: 60)
    let text = outcome.text
    #expect(text.contains("Inside   the container \"guests\""), "\(outcome)")
    #expect(text.contains("Symbol   crash"), "\(outcome)")
    #expect(text.contains("add-symbol-file") == (words != "0 0"), "\(outcome)")
    #expect(text.contains(#/ in work \(\) at .*life_guest\.cc/#), "\(outcome)")
    #expect(text.contains("crash in section .text"), "\(outcome)")
  }

  /// What was recorded of a copy has its build ID, by which perf finds the file that it is told of.
  @Test func perfNamesIt() throws {
    let guests = try Guests("perf", "1 1")
    let inspector = URL(filePath: Workshop.library).deletingLastPathComponent()
      .appending(path: "coexist-inspect").path
    let outcome = try Workshop.run(
      """
      folder=$(mktemp -d); cd $folder; export HOME=$folder
      LD_PRELOAD=\(Workshop.library) \(guests.program) \(guests.guest) 1 1 >address & pid=$!
      for i in $(seq 100); do [ -s address ] && break; sleep 0.1; done
      \(inspector) containers --perf $pid | tee commands
      kill -9 $pid
      if command -v perf >/dev/null; then
        perf record -q --buildid-mmap -e cpu-clock -o data -- \
          env LD_PRELOAD=\(Workshop.library) \(guests.program) \(guests.guest) 1 1 burn
        perf report -i data --stdio --sort sym >before 2>&1
        sh commands && perf report -i data --stdio --sort sym >after 2>&1
        echo $(grep -c ' burn$' before) before, $(grep -c ' burn$' after) after
      else echo no perf; fi
      cd /; rm -r $folder
      """, limit: 60)
    #expect(outcome.text.contains("perf buildid-cache --add '\(guests.guest)'"), "\(outcome)")
    #expect(
      outcome.text.contains("no perf") || outcome.text.contains("0 before, 1 after"), "\(outcome)")
  }
}
