import CElf

/// Which signals a library's x86_64 code asks handlers for: the constant that is put into the first
/// argument (`mov $N, %edi`) before a call of sigaction(3) and its like. A loop over a table of
/// numbers shows none.
enum SignalCalls {
  private static let before = 64  // bytes that are looked at before a call

  static func numbers(_ path: String, _ functions: Set<String>) -> Set<Int> {
    elf_version(UInt32(EV_CURRENT))
    guard let file = try? OpenFile(path), let elf = elf_begin(file.descriptor, ELF_C_READ, nil)
    else { return [] }
    defer { elf_end(elf) }
    let slots = self.slots(elf, functions)
    guard !slots.isEmpty else { return [] }
    var code: [(address: UInt64, bytes: UnsafeRawBufferPointer)] = []
    each(elf) { section, head in
      guard head.sh_type == UInt32(SHT_PROGBITS), head.sh_flags & UInt64(SHF_EXECINSTR) != 0,
        let data = elf_getdata(section, nil), let bytes = data.pointee.d_buf
      else { return }
      code.append((head.sh_addr, UnsafeRawBufferPointer(start: bytes, count: data.pointee.d_size)))
    }
    let known = Set(code.flatMap { stubs($0.bytes, $0.address, slots) })
    return Set(code.flatMap { calls($0.bytes, $0.address, slots, known) })
  }

  /// Where the loader writes the functions' addresses.
  private static func slots(_ elf: OpaquePointer, _ functions: Set<String>) -> Set<UInt64> {
    var names: [Int: Bool] = [:]
    var slots: Set<UInt64> = []
    each(elf) { section, head in
      guard head.sh_type == UInt32(SHT_DYNSYM), head.sh_entsize > 0,
        let data = elf_getdata(section, nil)
      else { return }
      for index in 0..<Int(clamping: head.sh_size / head.sh_entsize) {
        var symbol = GElf_Sym()
        guard gelf_getsym(data, Int32(clamping: index), &symbol) != nil,
          let text = elf_strptr(elf, Int(head.sh_link), Int(symbol.st_name))
        else { continue }
        if functions.contains(String(cString: text)) { names[index] = true }
      }
    }
    each(elf) { section, head in
      guard head.sh_type == UInt32(SHT_RELA), head.sh_entsize > 0,
        let data = elf_getdata(section, nil)
      else { return }
      for index in 0..<Int(clamping: head.sh_size / head.sh_entsize) {
        var entry = GElf_Rela()
        guard gelf_getrela(data, Int32(clamping: index), &entry) != nil else { continue }
        if names[Int(entry.r_info >> 32)] != nil { slots.insert(entry.r_offset) }
      }
    }
    return slots
  }

  private static func each(_ elf: OpaquePointer, _ body: (OpaquePointer, GElf_Shdr) -> Void) {
    var section: OpaquePointer?
    while let next = elf_nextscn(elf, section) {
      section = next
      var head = GElf_Shdr()
      if gelf_getshdr(next, &head) != nil { body(next, head) }
    }
  }

  /// `jmp *slot(%rip)` (FF 25), perhaps after endbr64 (F3 0F 1E FA) or with a bnd prefix (F2).
  private static func stubs(
    _ bytes: UnsafeRawBufferPointer, _ base: UInt64, _ slots: Set<UInt64>
  ) -> [UInt64] {
    places(of: 0xFF, in: bytes, length: 6).filter { bytes[$0 + 1] == 0x25 }.flatMap {
      place -> [UInt64] in
      guard slots.contains(target(bytes, place + 2, base)) else { return [] }
      let start = base &+ UInt64(place)
      return [start, start &- 1, start &- 4, start &- 5]
    }
  }

  /// `call stub` (E8), `jmp stub` (E9), `call *slot(%rip)` (FF 15).
  private static func calls(
    _ bytes: UnsafeRawBufferPointer, _ base: UInt64, _ slots: Set<UInt64>, _ stubs: Set<UInt64>
  ) -> [Int] {
    let direct = [UInt8(0xE8), 0xE9].flatMap { places(of: $0, in: bytes, length: 5) }.filter {
      stubs.contains(target(bytes, $0 + 1, base))
    }
    let indirect = places(of: 0xFF, in: bytes, length: 6).filter {
      bytes[$0 + 1] == 0x15 && slots.contains(target(bytes, $0 + 2, base))
    }
    return (direct + indirect).compactMap { argument(bytes, before: $0) }
  }

  /// The nearest `mov $N, %edi` (BF) with the number of a signal.
  private static func argument(_ bytes: UnsafeRawBufferPointer, before call: Int) -> Int? {
    for place in stride(from: call - 5, to: max(call - SignalCalls.before, 0), by: -1)
    where bytes[place] == 0xBF {
      let number = bytes.loadUnaligned(fromByteOffset: place + 1, as: UInt32.self)
      if (1...64).contains(number) { return Int(number) }
    }
    return nil
  }

  private static func places(
    of byte: UInt8, in bytes: UnsafeRawBufferPointer, length: Int
  ) -> [Int] {
    guard bytes.count >= length else { return [] }
    return (0...(bytes.count - length)).filter { bytes[$0] == byte }
  }

  /// Of a 32-bit displacement, which counts from its end.
  private static func target(
    _ bytes: UnsafeRawBufferPointer, _ place: Int, _ base: UInt64
  ) -> UInt64 {
    let step = bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)
    return base &+ UInt64(place) &+ 4 &+ UInt64(bitPattern: Int64(step))
  }
}
