import CElf

/// What the dynamic loader, and we, want to know of a program or library on disk.
struct ElfImage {
  var path: String
  var is64Bit = false
  /// EM_*
  var machine: UInt16 = 0
  /// The loader that the program names; nil = static, or a library.
  var interpreter: String?
  var name: String?
  var needed: [String] = []
  /// DT_RPATH and DT_RUNPATH, split at colons.
  var searchPaths: [String] = []
  /// Names of the dynamic symbol table.
  var exported: Set<String> = []
  var imported: Set<String> = []
  /// Owners of the notes: "GNU", "Go".
  var notes: Set<String> = []

  /// nil if the file cannot be opened or is no ELF program or library.
  init?(_ path: String) {
    elf_version(UInt32(EV_CURRENT))
    guard let file = try? OpenFile(path), let elf = elf_begin(file.descriptor, ELF_C_READ, nil)
    else { return nil }
    defer { elf_end(elf) }
    var header = GElf_Ehdr()
    guard elf_kind(elf) == ELF_K_ELF, gelf_getehdr(elf, &header) != nil,
      Int32(header.e_type) == ET_EXEC || Int32(header.e_type) == ET_DYN
    else { return nil }
    self.path = path
    is64Bit = gelf_getclass(elf) == ELFCLASS64
    machine = header.e_machine
    interpreter = ElfImage.interpreter(elf, file)
    var section: OpaquePointer?
    while let next = elf_nextscn(elf, section) {
      section = next
      var head = GElf_Shdr()
      guard gelf_getshdr(next, &head) != nil else { continue }
      switch head.sh_type {
      case UInt32(SHT_DYNAMIC): readDynamic(elf, next, head)
      case UInt32(SHT_DYNSYM): readSymbols(elf, next, head)
      case UInt32(SHT_NOTE): readNotes(next)
      default: break
      }
    }
  }

  private static func interpreter(_ elf: OpaquePointer, _ file: OpenFile) -> String? {
    var count = 0
    guard elf_getphdrnum(elf, &count) == 0 else { return nil }
    for index in 0..<min(count, 1024) {
      var program = GElf_Phdr()
      guard gelf_getphdr(elf, Int32(index), &program) != nil else { return nil }
      guard program.p_type == PT_INTERP, program.p_filesz < 4096 else { continue }
      let bytes = file.read(at: Int(clamping: program.p_offset), count: Int(program.p_filesz))
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return nil
  }

  private mutating func readDynamic(
    _ elf: OpaquePointer, _ section: OpaquePointer, _ head: GElf_Shdr
  ) {
    guard let data = elf_getdata(section, nil) else { return }
    for index in 0..<min(entries(head), 4096) {
      var entry = GElf_Dyn()
      guard gelf_getdyn(data, Int32(index), &entry) != nil else { return }
      let tag = Int32(truncatingIfNeeded: entry.d_tag)
      guard [DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH].contains(tag),
        let text = elf_strptr(elf, Int(head.sh_link), Int(clamping: entry.d_un.d_val))
      else { continue }
      let value = String(cString: text)
      switch tag {
      case DT_NEEDED: needed.append(value)
      case DT_SONAME: name = value
      default: searchPaths += value.split(separator: ":").map(String.init)
      }
    }
  }

  private mutating func readSymbols(
    _ elf: OpaquePointer, _ section: OpaquePointer, _ head: GElf_Shdr
  ) {
    guard let data = elf_getdata(section, nil) else { return }
    for index in 1..<max(2, min(entries(head), 1 << 20)) {
      var symbol = GElf_Sym()
      guard gelf_getsym(data, Int32(index), &symbol) != nil else { return }
      guard let text = elf_strptr(elf, Int(head.sh_link), Int(symbol.st_name)) else { continue }
      let name = String(cString: text)
      if symbol.st_shndx == UInt16(SHN_UNDEF) {
        imported.insert(name)
      } else {
        exported.insert(name)
      }
    }
  }

  private mutating func readNotes(_ section: OpaquePointer) {
    guard let data = elf_getdata(section, nil) else { return }
    var offset = 0
    var note = GElf_Nhdr()
    var name = 0
    var description = 0
    while case let next = gelf_getnote(data, offset, &note, &name, &description), next > offset {
      let bytes = UnsafeRawBufferPointer(start: data.pointee.d_buf, count: data.pointee.d_size)
      let owner = bytes.dropFirst(name).prefix(Int(note.n_namesz)).prefix { $0 != 0 }
      notes.insert(String(decoding: owner, as: UTF8.self))
      offset = next
    }
  }

  private func entries(_ head: GElf_Shdr) -> Int {
    head.sh_entsize == 0 ? 0 : Int(clamping: head.sh_size / head.sh_entsize)
  }
}
