import CCoexist
import Testing

@testable import InspectKit

/// States inside core files.
struct CoreTests {
  let scratch = Scratch()

  /// An ELF core with one PT_LOAD segment of these pages.
  private func core(_ pages: [UInt8], type: UInt8 = 4, fileSize: UInt64? = nil) -> [UInt8] {
    var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    func add(_ value: UInt64, _ size: Int) {
      for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
    add(UInt64(type), 2)  // ET_CORE
    add(62, 2)  // EM_X86_64
    add(1, 4)
    add(0, 8)
    add(64, 8)  // program headers follow the header
    add(0, 8)
    add(0, 4)
    for half in [64, 56, 1, 64, 0, 0] as [UInt64] { add(half, 2) }
    add(1, 4)  // PT_LOAD
    add(6, 4)
    add(4096, 8)
    add(0x7000_0000_0000, 8)
    add(0, 8)
    add(fileSize ?? UInt64(pages.count), 8)
    add(UInt64(pages.count), 8)
    add(4096, 8)
    bytes += [UInt8](repeating: 0, count: 4096 - bytes.count)
    return bytes + pages
  }

  private func coreCopy() -> [UInt8] {
    let state = SyntheticState()
    state.raw.pointee.magic = COEXIST_CORE_MAGIC
    return state.bytes
  }

  @Test func theCopyIsFoundAtAPage() throws {
    let path = scratch.path + "/core"
    // A page that only begins like a copy comes first.
    let decoy = Array(coreCopy()[..<8]) + [UInt8](repeating: 9, count: 4088)
    writeFile(core(decoy + coreCopy()), path)
    let subject = try Subject.fromCore(path)
    #expect(subject.life == .core)
    #expect(subject.state.programName == "mixed")
    #expect(subject.state.events.count == 3)
  }

  @Test func whatIsNotThereIsSaid() throws {
    let path = scratch.path + "/core"
    func failure() -> Failure? {
      do throws(Failure) { _ = try Subject.fromCore(path) } catch { return error }
      return nil
    }
    writeFile(core([UInt8](repeating: 1, count: 8192)), path)
    #expect(failure()?.code == "T109")
    writeFile(core(coreCopy(), type: 2), path)
    #expect(failure()?.code == "T111")
    writeFile(Array("no core".utf8), path)
    #expect(failure()?.code == "T111")
    writeFile([], path)
    #expect(failure()?.code == "T111")
    // A segment that claims more than the file has, and a copy that is cut.
    writeFile(core(Array(coreCopy()[..<70_000]), fileSize: UInt64.max - 4096), path)
    #expect(failure()?.code == "T109")
  }

  @Test(arguments: 0..<4)
  func brokenCores(seed: UInt64) {
    var random = Xorshift(state: 77 &+ seed)
    let whole = core(coreCopy())
    let path = scratch.path + "/core\(seed)"
    for _ in 0..<25 {
      var bytes = whole
      for _ in 0..<4 { bytes[Int(random.next() % 120)] ^= UInt8(truncatingIfNeeded: random.next()) }
      writeFile(bytes, path)
      if let subject = try? Subject.fromCore(path) { renderAll(subject, scratch.surroundings) }
    }
  }
}
