import CCoexist
import CElf

/// Finds the state in a core file: the copy that the library makes when it lets the process die, or
/// the mapped state itself if the core holds shared file mappings.
enum CoreFile {
  static let page = 4096
  private static let chunk = 1 << 20

  static func read(_ path: String) throws(Failure) -> State {
    let file: OpenFile
    do throws(FileError) {
      file = try OpenFile(path)
    } catch {
      throw .cannotOpen(path, error)
    }
    let segments = try loadSegments(file, path)
    for magic in [COEXIST_CORE_MAGIC, COEXIST_STATE_MAGIC] {
      for segment in segments {
        if let state = search(file, segment, magic) { return state }
      }
    }
    throw .noStateInCore(path)
  }

  /// File offsets of the PT_LOAD segments, cut to the file's size.
  private static func loadSegments(
    _ file: OpenFile, _ path: String
  ) throws(Failure) -> [Range<Int>] {
    elf_version(UInt32(EV_CURRENT))
    guard let elf = elf_begin(file.descriptor, ELF_C_READ, nil) else { throw .notCore(path) }
    defer { elf_end(elf) }
    var header = GElf_Ehdr()
    guard elf_kind(elf) == ELF_K_ELF, gelf_getehdr(elf, &header) != nil,
      Int32(header.e_type) == ET_CORE
    else { throw .notCore(path) }
    var count = 0
    guard elf_getphdrnum(elf, &count) == 0 else { throw .notCore(path) }
    let size = UInt64(file.currentSize)
    var result: [Range<Int>] = []
    for index in 0..<min(count, 1 << 20) {
      var program = GElf_Phdr()
      guard gelf_getphdr(elf, Int32(index), &program) != nil else { break }
      guard program.p_type == PT_LOAD, program.p_offset < size else { continue }
      let length = min(program.p_filesz, size - program.p_offset)
      // Pages are counted from the mapping's start, which the kernel aligns.
      result.append(Int(program.p_offset)..<Int(program.p_offset + length))
    }
    return result
  }

  private static func search(_ file: OpenFile, _ segment: Range<Int>, _ magic: UInt64) -> State? {
    var offset = segment.lowerBound
    while offset < segment.upperBound {
      let bytes = file.read(at: offset, count: min(chunk, segment.upperBound - offset))
      for start in stride(from: 0, to: bytes.count - 7, by: page)
      where bytes.withUnsafeBytes({ $0.loadUnaligned(fromByteOffset: start, as: UInt64.self) })
        == magic
      {
        let length = min(StateImage.size, segment.upperBound - offset - start)
        let copy = file.read(at: offset + start, count: length)
        // Eight equal bytes may stand anywhere; only what decodes is a state.
        if let image = try? StateImage(copy) { return State(image) }
      }
      offset += chunk
    }
    return nil
  }
}
