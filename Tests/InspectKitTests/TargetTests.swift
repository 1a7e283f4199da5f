import Glibc
import Testing

@testable import InspectKit

/// Finding processes: the test's own process stands for one under coexist.
struct TargetTests {
  let scratch = Scratch()
  let pid = Int(getpid())
  private let mapping: UnsafeMutableRawPointer?

  init() throws {
    // A file of the library's name in our memory map is what tells a process under coexist.
    let library = scratch.file("libcoexist.so.1", String(repeating: "x", count: 4096))
    let descriptor = open(library, O_RDONLY)
    mapping = mmap(nil, 4096, PROT_READ, MAP_PRIVATE, descriptor, 0)
    close(descriptor)
    _ = scratch.folder("coexist")
  }

  private func publish(_ ticks: UInt64, pid: Int? = nil) -> String {
    let number = pid ?? self.pid
    let path = scratch.path + "/coexist/\(number).state"
    SyntheticState(pid: number, startTicks: ticks).write(to: path)
    return path
  }

  private func failure(_ selection: Selection) -> Failure? {
    do throws(Failure) {
      _ = try selection.resolve(scratch.surroundings, command: "status")
    } catch {
      return error
    }
    return nil
  }

  @Test func byNumberNameAndAlone() throws {
    let path = publish(try #require(Proc.startTicks(pid)))
    for selection in [Selection.pid(pid), .name("mixed"), .automatic, .stateFile(path)] {
      let subject = try selection.resolve(scratch.surroundings, command: "status")
      #expect(subject.life == .running)
      #expect(subject.state.pid == pid)
    }
    #expect(failure(.name("mixd"))?.message.contains("Did you mean 'mixed'?") == true)
    #expect(failure(.name("mixd"))?.code == "T104")
    let status = StatusReport(
      try Selection.pid(pid).resolve(scratch.surroundings, command: "status"),
      scratch.surroundings)
    #expect(status.command == Proc.commandLine(pid))
    munmap(mapping, 4096)
  }

  @Test func anotherProcessHasTheNumber() throws {
    let path = publish(12_345)
    #expect(failure(.pid(pid)) != nil)
    #expect(exists(path))
    let listing = Listing(scratch.surroundings, ended: .all)
    #expect(listing.removed == [path])
    #expect(!exists(path))
  }

  @Test func endedProcessesAreListedAndCanBeRead() throws {
    _ = publish(5, pid: 9_999_999)
    let listing = Listing(scratch.surroundings, ended: .all)
    #expect(listing.subjects.map(\.life) == [.ended])
    let subject = try Selection.pid(9_999_999).resolve(scratch.surroundings, command: "status")
    #expect(subject.life == .ended)
    #expect(failure(.automatic)?.code == "T104")
    #expect(try Selection.name("mixed").resolve(scratch.surroundings, command: "x").life == .ended)
  }

  @Test func onlyTheNewestThatEndedAreRead() throws {
    for pid in 9_999_990...9_999_999 { _ = publish(5, pid: pid) }
    let listing = Listing(scratch.surroundings, ended: .newest(3))
    #expect(listing.subjects.count == 3 && listing.unread == 7)
    #expect(try ListReport(listing, scratch.surroundings).render(Style()).hasSuffix("(--all)"))
    #expect(Listing.prune(scratch.surroundings) == 10)
    #expect(names(in: scratch.path + "/coexist").isEmpty)
  }

  @Test func severalMatch() throws {
    let ticks = try #require(Proc.startTicks(pid))
    _ = publish(ticks)
    _ = publish(5, pid: 9_999_998)
    _ = publish(5, pid: 9_999_999)
    // The running one goes before those that ended.
    #expect(failure(.name("mixed")) == nil)
    try? #require(unlink(scratch.path + "/coexist/\(pid).state") == 0)
    #expect(failure(.name("mixed"))?.code == "T105")
  }

  @Test func processesOfOthers() {
    var surroundings = scratch.surroundings
    surroundings.user = 12_345
    do throws(Failure) {
      _ = try Selection.pid(1).resolve(surroundings, command: "status")
      Issue.record("process 1 was shown")
    } catch {
      #expect(error.code == "T103" && error.status == .notPermitted)
      #expect(error.message == "you may not look at process 1 (owned by root).")
      #expect(error.help == "sudo coexist-inspect status 1")
    }
    // A file that somebody else put where ours would be is not believed.
    if geteuid() != 0 { return }
    let path = publish(5, pid: 9_999_992)
    chown(path, 65534, 65534)
    #expect(Listing(surroundings, ended: .all).failures.first?.code == "T103")
  }

  @Test func wrongNumberInside() {
    let path = scratch.path + "/coexist/9999990.state"
    SyntheticState(pid: 1).write(to: path)
    #expect(failure(.pid(9_999_990))?.code == "T106")
    #expect(Listing(scratch.surroundings, ended: .all).failures.first?.code == "T106")
  }

  @Test func aFileThatIsJustBeingMadeIsPassedOver() {
    let state = SyntheticState(pid: 9_999_991)
    state.raw.pointee.magic = 0
    state.write(to: scratch.path + "/coexist/9999991.state")
    let listing = Listing(scratch.surroundings, ended: .all)
    #expect(listing.subjects.isEmpty && listing.failures.isEmpty)
  }

  @Test func templates() {
    var surroundings = scratch.surroundings
    surroundings.variables["COEXIST_STATE"] = "%r/x/app-%p.bin"
    let place = StateFolders(surroundings).places[0]
    #expect(place.path(of: 7) == scratch.path + "/x/app-7.bin")
    _ = scratch.folder("x")
    for name in ["app-7.bin", "app-.bin", "app-7.bin2", "app-x.bin", "b-7.bin"] {
      _ = scratch.file("x/" + name, "")
    }
    #expect(place.files.map(\.pid) == [7] && place.files.map(\.name) == ["app-7.bin"])
    surroundings.variables["XDG_RUNTIME_DIR"] = nil
    surroundings.variables["COEXIST_STATE"] = nil
    #expect(
      StateFolders(surroundings).places[0].path(of: 7)
        == scratch.path + "/coexist-\(geteuid())/7.state")
  }

  @Test func threadsAsTheKernelHasThem() throws {
    let threads = Proc.threads(Int(getpid()))
    let own = try #require(threads[Int(getpid())])
    #expect(own.name == Proc.name(Int(getpid())) && own.state != .other)
    #expect(Proc.stackPointers(Int(getpid())).count <= threads.count + 64)
    #expect(Proc.threads(9_999_999).isEmpty)
    let text = "Name:\ta b\tc\nUmask:\t0022\nState:\tD (disk sleep)\nSigBlk:\t0000000004000400\n"
    let parsed = Array(text.utf8).withUnsafeBytes { KernelThread(status: $0) }
    #expect(parsed?.state == .waiting && parsed?.blocked == 0x400_0400)
    #expect(parsed?.name.hasPrefix("a b") == true)
    #expect([UInt8]("no such text".utf8).withUnsafeBytes { KernelThread(status: $0) } == nil)
  }

  @Test func symbolsOfALiveProcess() throws {
    let symbols = try #require(MappedSymbols(pid: pid))
    let function: @convention(c) (Int32) -> Int32 = raise
    let place = symbols.locate(UInt64(UInt(bitPattern: unsafeBitCast(function, to: Int.self))))
    #expect(place?.symbol?.contains("raise") == true)
    #expect(place?.module.hasPrefix("libc") == true)
    #expect(symbols.locate(1) == nil)
  }
}
