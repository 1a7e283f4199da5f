import CElf
import CInspect
import Glibc

/// Symbols through libdwfl: it reads /proc/PID/maps (or a core's notes) and the ELF files that are
/// mapped there, with their separate debug information if it is installed. Does not stop the
/// process.
final class MappedSymbols: Symbolizer {
  let session: OpaquePointer
  private var mappings: Mappings?
  private let callbacks: UnsafeMutablePointer<Dwfl_Callbacks>
  private(set) var core: (file: OpenFile, elf: OpaquePointer)?

  private init?(report: (OpaquePointer) -> Bool) {
    // Looking must not wait for a server: libdwfl would ask the debuginfod servers of this
    // variable.
    unsetenv("DEBUGINFOD_URLS")
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: Dwfl_Callbacks())
    callbacks.pointee.find_elf = findFile
    callbacks.pointee.find_debuginfo = dwfl_standard_find_debuginfo
    guard let session = dwfl_begin(callbacks) else {
      callbacks.deallocate()
      return nil
    }
    self.session = session
    guard report(session), dwfl_report_end(session, nil, nil) == 0 else { return nil }
  }

  convenience init?(pid: Int) {
    self.init { dwfl_linux_proc_report($0, pid_t(truncatingIfNeeded: pid)) == 0 }
    mappings = Mappings(pid: pid)
  }

  convenience init?(core path: String) {
    elf_version(UInt32(EV_CURRENT))
    guard let file = try? OpenFile(path), let elf = elf_begin(file.descriptor, ELF_C_READ, nil)
    else { return nil }
    self.init { dwfl_core_file_report($0, elf, nil) >= 0 }
    core = (file, elf)
  }

  deinit {
    dwfl_end(session)
    if let core { elf_end(core.elf) }
    callbacks.deallocate()
  }

  /// libdwfl counts what lies behind a module to it, until the next one begins.
  func module(holding address: UInt64) -> OpaquePointer? {
    guard mappings?.isGenerated(address) != true,
      let module = dwfl_addrmodule(session, address)
    else { return nil }
    var end: Dwarf_Addr = 0
    dwfl_module_info(module, nil, nil, &end, nil, nil, nil, nil)
    return address < end ? module : nil
  }

  func locate(_ address: UInt64) -> Location? {
    guard let module = module(holding: address) else { return nil }
    var low: Dwarf_Addr = 0
    var file: UnsafePointer<CChar>?
    let name = dwfl_module_info(module, nil, &low, nil, nil, nil, &file, nil)
    let path = (file ?? name).map { printable(String(cString: $0)) } ?? "?"
    var offset: GElf_Off = 0
    var symbol = GElf_Sym()
    let found = dwfl_module_addrinfo(module, address, &offset, &symbol, nil, nil, nil)
    // An unsized symbol far below is only the nearest one, not the one that holds the address.
    let within = symbol.st_size == 0 ? offset < 0x10000 : offset < symbol.st_size
    return Location(
      module: path.split(separator: "/").last.map(String.init) ?? path, path: path, base: low,
      symbol: found.flatMap { within ? demangled($0) : nil },
      offset: found != nil && within ? offset : address - low)
  }
}

extension MappedSymbols {
  /// The source line of an instruction, if its module has debug information.
  func line(at address: UInt64) -> (file: String, line: Int)? {
    guard let module = module(holding: address),
      let found = dwfl_module_getsrc(module, address)
    else { return nil }
    var line: Int32 = 0
    guard let file = dwfl_lineinfo(found, nil, &line, nil, nil, nil), line > 0 else { return nil }
    return (printable(String(cString: file)), Int(line))
  }
}

/// A container's private copy is mapped from memory, named after the file that it is a copy of.
private let findFile:
  @convention(c) (
    OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?, UnsafePointer<CChar>?,
    Dwarf_Addr, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    UnsafeMutablePointer<OpaquePointer?>?
  ) -> Int32 = { module, data, name, base, file, elf in
    let text = name.map { String(cString: $0) } ?? ""
    let prefix = "/memfd:", suffix = " (deleted)"
    guard text.hasPrefix(prefix), text.hasSuffix(suffix) else {
      return dwfl_linux_proc_find_elf(module, data, name, base, file, elf)
    }
    let path = String(text.dropFirst(prefix.count).dropLast(suffix.count))
    guard path.hasPrefix("/") else { return -1 }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 { file?.pointee = strdup(path) }
    return descriptor
  }

/// A C++ name as it stands in the source, without its parameters; others as they are.
private func demangled(_ name: UnsafePointer<CChar>) -> String {
  let raw = String(cString: name)
  guard raw.hasPrefix("_Z"), let text = inspect_demangle(name) else {
    return printable(raw.prefix { $0 != "@" })  // without the version
  }
  defer { free(text) }
  let full = String(cString: text)
  return printable(full.split(separator: "(", maxSplits: 1).first.map(String.init) ?? full)
}
