import CElf

/// Types and places of thread-local variables, by their offset in the block.
struct DwarfVariables {
  struct Fact {
    var type: String?
    var place: String?
    var holdsAddress = false
  }
  var byOffset: [UInt64: Fact] = [:]

  mutating func read(_ descriptor: Int32) {
    guard let dwarf = dwarf_begin(descriptor, DWARF_C_READ) else { return }
    defer { dwarf_end(dwarf) }
    var offset: Dwarf_Off = 0
    var next: Dwarf_Off = 0
    var headerSize = 0
    while dwarf_nextcu(dwarf, offset, &next, &headerSize, nil, nil, nil) == 0 {
      var unit = Dwarf_Die()
      if dwarf_offdie(dwarf, offset + Dwarf_Off(headerSize), &unit) != nil {
        visit(&unit, depth: 0)
      }
      offset = next
    }
  }

  /// Units, namespaces, classes and functions hold variables.
  private mutating func visit(_ parent: inout Dwarf_Die, depth: Int) {
    var child = Dwarf_Die()
    guard depth < 32, dwarf_child(&parent, &child) == 0 else { return }
    repeat {
      switch dwarf_tag(&child) {
      case Int32(DW_TAG_variable): note(&child)
      case Int32(DW_TAG_namespace), Int32(DW_TAG_subprogram), Int32(DW_TAG_lexical_block),
        Int32(DW_TAG_class_type), Int32(DW_TAG_structure_type):
        visit(&child, depth: depth + 1)
      default: break
      }
    } while DwarfVariables.advance(&child)
  }

  private static func advance(_ die: inout Dwarf_Die) -> Bool {
    var next = Dwarf_Die()
    guard dwarf_siblingof(&die, &next) == 0 else { return false }
    die = next
    return true
  }

  private mutating func note(_ die: inout Dwarf_Die) {
    var attribute = Dwarf_Attribute()
    var operations: UnsafeMutablePointer<Dwarf_Op>?
    var count = 0
    guard dwarf_attr(&die, UInt32(DW_AT_location), &attribute) != nil,
      dwarf_getlocation(&attribute, &operations, &count) == 0, count == 2, let operations,
      [UInt8(DW_OP_GNU_push_tls_address), UInt8(DW_OP_form_tls_address)]
        .contains(operations[1].atom)
    else { return }
    var fact = Fact()
    if let file = dwarf_decl_file(&die) {
      var line: Int32 = 0
      dwarf_decl_line(&die, &line)
      let name = String(cString: file).split(separator: "/").suffix(2).joined(separator: "/")
      fact.place = "\(name):\(line)"
    }
    (fact.type, fact.holdsAddress) = type(of: &die, depth: 0)
    byOffset[operations[0].number] = fact
  }

  /// The type's name, and whether a value of it may hold an address.
  private func type(of die: inout Dwarf_Die, depth: Int) -> (String?, Bool) {
    var attribute = Dwarf_Attribute()
    var type = Dwarf_Die()
    guard depth < 6, dwarf_attr_integrate(&die, UInt32(DW_AT_type), &attribute) != nil,
      dwarf_formref_die(&attribute, &type) != nil
    else { return (nil, false) }
    let name = dwarf_diename(&type).map { String(cString: $0) }
    switch dwarf_tag(&type) {
    case Int32(DW_TAG_pointer_type), Int32(DW_TAG_reference_type):
      return ((DwarfVariables.pointee(&type) ?? "void") + " *", true)
    case Int32(DW_TAG_structure_type), Int32(DW_TAG_class_type), Int32(DW_TAG_union_type):
      return (name, membersHoldAddress(&type, depth))
    case Int32(DW_TAG_array_type):
      let element = self.type(of: &type, depth: depth + 1)
      return (element.0.map { $0 + " []" }, element.1)
    default:  // base types; typedef, const and the like lead on
      let inner = self.type(of: &type, depth: depth + 1)
      return (name ?? inner.0, inner.1)
    }
  }

  /// The name alone: what it points to does not matter.
  private static func pointee(_ type: inout Dwarf_Die) -> String? {
    var attribute = Dwarf_Attribute()
    var target = Dwarf_Die()
    guard dwarf_attr_integrate(&type, UInt32(DW_AT_type), &attribute) != nil,
      dwarf_formref_die(&attribute, &target) != nil
    else { return nil }
    return dwarf_diename(&target).map { String(cString: $0) } ?? "…"
  }

  private func membersHoldAddress(_ type: inout Dwarf_Die, _ depth: Int) -> Bool {
    var member = Dwarf_Die()
    guard dwarf_child(&type, &member) == 0 else { return false }
    repeat {
      let isMember = dwarf_tag(&member) == Int32(DW_TAG_member)
      if isMember, self.type(of: &member, depth: depth + 1).1 { return true }
    } while DwarfVariables.advance(&member)
    return false
  }
}
