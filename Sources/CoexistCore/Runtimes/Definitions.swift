import CCoexist

/// `[[runtime]]` of the configuration: libraries that the user gives to a named runtime.
enum Definitions {
  @_noLocks @_noAllocation
  static func runtime(_ library: UnsafePointer<CChar>, base: UInt64) -> UInt32? {
    for index in 0..<coexist_the_config().pointee.definitions_count {
      let definition = coexist_definition_at(index)!
      for pattern in 0..<definition.pointee.libraries_count
      where coexist_text_matches(library, coexist_definition_library(index, pattern)) != 0 {
        let name = UnsafeRawPointer(definition).assumingMemoryBound(to: CChar.self)
        if let known = Runtimes.named(name) { return known }
        let entry = Catalogue.named(name)
        return Runtimes.add(catalogue: entry, library: entry == nil ? name : library, base: base)
      }
    }
    return nil
  }
}
