import CElf
import CInspect
import Glibc

/// The threads of a core file: NT_PRSTATUS has the registers, the PT_LOAD segments the memory.
final class CoreThreads: ThreadSource {
  private struct Segment {
    let low: UInt64
    let offset: Int
    let size: Int
  }

  let mappings: Mappings
  let isRefused = false
  private(set) var tids: [Int] = []
  private var registers: [Int: [UInt64]] = [:]
  private let file: OpenFile
  private var segments: [Segment] = []
  private static let threadLimit = 1 << 16

  /// Where elf_prstatus (sys/procfs.h) has pr_pid and pr_reg on x86_64, and its size.
  private static let pidOffset = 32
  private static let registersOffset = 112
  private static let statusSize = 336
  /// user_regs_struct's index of each register of DWARF: rax rdx rcx rbx rsi rdi rbp rsp r8 … rip.
  private static let order = [10, 12, 11, 5, 13, 14, 4, 19, 9, 8, 7, 6, 3, 2, 1, 0, 16]

  init(_ path: String) throws(Failure) {
    elf_version(UInt32(EV_CURRENT))
    guard let file = try? OpenFile(path), let elf = elf_begin(file.descriptor, ELF_C_READ, nil)
    else { throw .notCore(path) }
    defer { elf_end(elf) }
    self.file = file
    var count = 0
    guard elf_getphdrnum(elf, &count) == 0 else { throw .notCore(path) }
    var spans: [Mappings.Span] = []
    var notes: [GElf_Phdr] = []
    for index in 0..<min(count, 1 << 20) {
      var program = GElf_Phdr()
      guard gelf_getphdr(elf, Int32(index), &program) != nil else { break }
      if program.p_type == PT_NOTE { notes.append(program) }
      guard program.p_type == PT_LOAD, program.p_memsz > 0,
        program.p_vaddr <= UInt64.max - program.p_memsz
      else { continue }
      spans.append(
        Mappings.Span(
          low: program.p_vaddr, high: program.p_vaddr + program.p_memsz,
          isCode: program.p_flags & UInt32(PF_X) != 0))
      segments.append(
        Segment(
          low: program.p_vaddr, offset: Int(clamping: program.p_offset),
          size: Int(clamping: min(program.p_filesz, program.p_memsz))))
    }
    segments.sort { $0.low < $1.low }
    mappings = Mappings(spans)
    for note in notes { readNotes(elf, note) }
  }

  private func readNotes(_ elf: OpaquePointer, _ program: GElf_Phdr) {
    guard
      let data = elf_getdata_rawchunk(
        elf, Int64(truncatingIfNeeded: program.p_offset), Int(clamping: program.p_filesz),
        ELF_T_NHDR)
    else { return }
    let bytes = UnsafeRawBufferPointer(start: data.pointee.d_buf, count: data.pointee.d_size)
    var offset = 0
    var note = GElf_Nhdr()
    var name = 0
    var description = 0
    while case let next = gelf_getnote(data, offset, &note, &name, &description), next > offset,
      tids.count < CoreThreads.threadLimit
    {
      offset = next
      guard note.n_type == UInt32(NT_PRSTATUS), Int(note.n_descsz) >= CoreThreads.statusSize
      else { continue }
      let status = UnsafeRawBufferPointer(rebasing: bytes[description...])
      let tid = Int(
        status.loadUnaligned(fromByteOffset: CoreThreads.pidOffset, as: Int32.self))
      guard registers[tid] == nil else { continue }
      tids.append(tid)
      registers[tid] = CoreThreads.order.map {
        status.loadUnaligned(
          fromByteOffset: CoreThreads.registersOffset + 8 * $0, as: UInt64.self)
      }
    }
  }

  func copy(_ tid: Int) -> ThreadCopy? {
    guard let registers = registers[tid] else { return nil }
    var copy = ThreadCopy(tid: tid)
    copy.registers = registers
    copy.start = registers[ThreadCopy.sp] & ~15
    let end = mappings.span(holding: copy.start)?.high ?? copy.start
    copy.stack = memory(at: copy.start, count: Int(min(end - copy.start, 256 << 10)))
    return copy
  }

  func memory(at address: UInt64, count: Int) -> [UInt8] {
    var first = 0
    var end = segments.count
    while first < end {
      let middle = (first + end) / 2
      if segments[middle].low <= address { first = middle + 1 } else { end = middle }
    }
    guard first > 0 else { return [] }
    let segment = segments[first - 1]
    let within = address - segment.low
    guard within < UInt64(segment.size) else { return [] }
    let room = segment.size - Int(within)
    return file.read(at: segment.offset + Int(within), count: min(count, room))
  }
}
