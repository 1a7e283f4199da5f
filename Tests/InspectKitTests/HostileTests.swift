import CCoexist
import Glibc
import Testing

@testable import InspectKit

/// State files are written by strangers: whatever the bytes, the tool answers or says what is
/// wrong.
struct HostileTests {
  let scratch = Scratch()

  private func look(_ bytes: [UInt8], _ path: String) -> ToolStatus {
    writeFile(bytes, path)
    return look(path)
  }

  /// Reads a file and renders everything; returns how it ended.
  private func look(_ path: String) -> ToolStatus {
    do throws(Failure) {
      let subject = try Subject.fromFile(path)
      renderAll(subject, scratch.surroundings)
      return subject.damage?.status ?? .ok
    } catch {
      #expect(error.message.hasSuffix("."))
      return error.status
    }
  }

  @Test func truncationAtEvery64Bytes() {
    let whole = SyntheticState().bytes
    let path = scratch.path + "/cut.state"
    #expect(look(whole, path) == .ok)
    for length in stride(from: whole.count - 1, through: 0, by: -1) where length % 64 == 0 {
      truncate(path, length)
      #expect(look(path) == .damaged, "at \(length) bytes")
    }
  }

  @Test(arguments: 0..<8)
  func randomFlips(seed: UInt64) {
    var random = Xorshift(state: 0x9E37_79B9_7F4A_7C15 &+ seed &* 7919)
    let whole = SyntheticState().bytes
    for round in 0..<25 {
      var bytes = whole
      for _ in 0..<(1 << (round % 12)) {
        let index = Int(random.next() % UInt64(bytes.count))
        bytes[index] ^= UInt8(1 << (random.next() % 8))
      }
      let status = look(bytes, scratch.path + "/flip\(seed).state")
      #expect([.ok, .damaged, .unavailable].contains(status))
    }
  }

  /// Nothing but noise behind a good header: every index, count and text is wrong.
  @Test(arguments: 0..<8)
  func noiseBehindTheHeader(seed: UInt64) {
    var random = Xorshift(state: 0xD1B5_4A32_D192_ED03 &+ seed)
    var bytes = SyntheticState().bytes
    for index in 32..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
    #expect(look(bytes, scratch.path + "/noise\(seed).state") == .damaged)
    for index in 32..<bytes.count { bytes[index] = 0xFF }
    #expect(look(bytes, scratch.path + "/noise\(seed).state") == .damaged)
  }

  @Test func headers() {
    let state = SyntheticState()
    let path = scratch.path + "/header.state"
    state.raw.pointee.version = 3
    #expect(look(state.bytes, path) == .unavailable)
    state.raw.pointee.version = COEXIST_STATE_VERSION
    state.raw.pointee.size = 16
    #expect(look(state.bytes, path) == .damaged)
    state.raw.pointee.size = UInt32.max
    #expect(look(state.bytes, path) == .damaged)
    // A writer of the same version whose structure has grown is read as far as we know it.
    state.raw.pointee.size = UInt32(StateImage.size + 4096)
    #expect(look(state.bytes, path) == .damaged)
    #expect(look(state.bytes + [UInt8](repeating: 7, count: 4096), path) == .ok)
    state.raw.pointee.magic = 0
    #expect(look(state.bytes, path) == .damaged)
  }

  @Test func textsAreUnterminatedAndNasty() throws {
    let state = SyntheticState()
    withUnsafeMutableBytes(of: &state.raw.pointee.program) { bytes in
      for index in bytes.indices { bytes[index] = index % 2 == 0 ? 0x1B : UInt8(ascii: "[") }
    }
    fill(&coexist_state_runtime(state.raw, 2)!.pointee.name, "\u{202E}evil\r\n")
    let path = scratch.path + "/text.state"
    state.write(to: path)
    let read = try Subject.fromFile(path).state
    #expect(read.program.hasPrefix("\\x1b[\\x1b["))
    #expect(read.runtimes[2].name == "\\u{202e}evil\\x0d\\x0a")
    let text = StatusReport(try Subject.fromFile(path), scratch.surroundings).render(Style())
    #expect(!text.utf8.contains(0x1B))
  }

  @Test func eventsThatAreBeingWritten() throws {
    let before = SyntheticState()
    let after = SyntheticState()
    coexist_state_event(before.raw, 2)!.pointee.sequence = 0
    coexist_state_event(after.raw, 1)!.pointee.sequence = 257
    let state = State(try StateImage(before.bytes), later: try StateImage(after.bytes))
    // #2 was empty at the first reading, #1 was overwritten between the two.
    #expect(state.events.map(\.sequence) == [3])
    #expect(state.damage.isEmpty)
  }

  @Test func nothingButFiles() {
    #expect(throws: Failure.self) { try Subject.fromFile("/dev/zero") }
    #expect(throws: Failure.self) { try Subject.fromFile(scratch.path) }
    _ = mkfifo(scratch.path + "/fifo", 0o600)
    #expect(throws: Failure.self) { try Subject.fromFile(scratch.path + "/fifo") }
  }
}

/// Every text and JSON that can be made of a state.
func renderAll(_ subject: Subject, _ surroundings: Surroundings) {
  let style = Style(colour: true, width: 60)
  let status = StatusReport(subject, surroundings)
  _ = status.render(style) + json(status)
  let signals = SignalsReport(
    subject, only: nil, all: true, symbols: FakeSymbols(), surroundings)
  _ = signals.render(style) + json(signals)
  for number in [1, 11, 64] {
    let one = SignalsReport(
      subject, only: number, all: false, symbols: FakeSymbols(), surroundings)
    let why = SignalExplanation(
      subject, signal: number, last: 256, symbols: FakeSymbols(), surroundings)
    _ = one.render(style) + why.render(style) + json(why)
  }
  if let place = try? AddressExplanation(
    subject, address: 0x7f29_0000_0010, symbols: FakeSymbols(), surroundings)
  {
    _ = place.render(style) + json(place)
  }
  _ = CodeExplanation(MessageCode.all[0], in: subject, surroundings).render(style)
}

/// The same bytes on every machine, for a seed that is not 0.
struct Xorshift {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
