import CElf

/// A library's thread-local variables, as its file tells: symbols, and what DWARF adds.
struct ThreadLocalImage {
  struct Variable: Equatable {
    var symbol: String
    var offset: UInt64
    var size: UInt64
    /// As DWARF has them.
    var type: String?
    var place: String?
    var holdsAddress = false
  }

  enum Trouble: Error { case unreadable(String), notElf, noVariables, noSymbols }

  var name: String
  /// Bytes of the block.
  var size: UInt64 = 0
  /// Initial-exec code: DF_STATIC_TLS.
  var isStatic = false
  var variables: [Variable] = []

  init(_ path: String) throws(Trouble) {
    elf_version(UInt32(EV_CURRENT))
    let file: OpenFile
    do { file = try OpenFile(path) } catch { throw .unreadable(error.text) }
    guard let elf = elf_begin(file.descriptor, ELF_C_READ, nil) else { throw .notElf }
    defer { elf_end(elf) }
    var header = GElf_Ehdr()
    guard elf_kind(elf) == ELF_K_ELF, gelf_getehdr(elf, &header) != nil else { throw .notElf }
    name = path.split(separator: "/").last.map(String.init) ?? path
    readSegments(elf)
    guard size > 0 else { throw .noVariables }
    readSections(elf)
    guard !variables.isEmpty else { throw .noSymbols }
    var facts = DwarfVariables()
    facts.read(file.descriptor)
    for index in variables.indices {
      guard let fact = facts.byOffset[variables[index].offset] else { continue }
      variables[index].type = fact.type
      variables[index].place = fact.place
      variables[index].holdsAddress = fact.holdsAddress
    }
    variables.sort { ($0.offset, $0.symbol) < ($1.offset, $1.symbol) }
  }

  private mutating func readSegments(_ elf: OpaquePointer) {
    var count = 0
    guard elf_getphdrnum(elf, &count) == 0 else { return }
    for index in 0..<min(count, 1024) {
      var segment = GElf_Phdr()
      guard gelf_getphdr(elf, Int32(index), &segment) != nil else { return }
      if segment.p_type == PT_TLS { size = segment.p_memsz }
    }
  }

  private mutating func readSections(_ elf: OpaquePointer) {
    var section: OpaquePointer?
    while let next = elf_nextscn(elf, section) {
      section = next
      var head = GElf_Shdr()
      guard gelf_getshdr(next, &head) != nil, head.sh_entsize != 0,
        let data = elf_getdata(next, nil)
      else { continue }
      let count = Int(clamping: head.sh_size / head.sh_entsize)
      switch head.sh_type {
      case UInt32(SHT_DYNAMIC): readDynamic(elf, data, min(count, 4096), head)
      case UInt32(SHT_SYMTAB), UInt32(SHT_DYNSYM): readSymbols(elf, data, count, head)
      default: break
      }
    }
  }

  private mutating func readDynamic(
    _ elf: OpaquePointer, _ data: UnsafeMutablePointer<Elf_Data>, _ count: Int, _ head: GElf_Shdr
  ) {
    for index in 0..<count {
      var entry = GElf_Dyn()
      guard gelf_getdyn(data, Int32(index), &entry) != nil else { return }
      let tag = Int32(truncatingIfNeeded: entry.d_tag)
      if tag == DT_FLAGS, entry.d_un.d_val & 0x10 != 0 { isStatic = true }  // DF_STATIC_TLS
      if tag == DT_SONAME, let text = elf_strptr(elf, Int(head.sh_link), Int(entry.d_un.d_val)) {
        name = String(cString: text)
      }
    }
  }

  private mutating func readSymbols(
    _ elf: OpaquePointer, _ data: UnsafeMutablePointer<Elf_Data>, _ count: Int, _ head: GElf_Shdr
  ) {
    for index in 0..<count {
      var symbol = GElf_Sym()
      guard gelf_getsym(data, Int32(clamping: index), &symbol) != nil else { return }
      guard symbol.st_info & 15 == UInt8(STT_TLS), symbol.st_shndx != UInt16(SHN_UNDEF),
        symbol.st_size > 0, let text = elf_strptr(elf, Int(head.sh_link), Int(symbol.st_name))
      else { continue }
      let variable = Variable(
        symbol: String(cString: text), offset: symbol.st_value, size: symbol.st_size)
      if !variables.contains(where: { $0.symbol == variable.symbol && $0.offset == variable.offset }
      ) {
        variables.append(variable)
      }
    }
  }
}
