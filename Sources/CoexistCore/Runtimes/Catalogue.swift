import CCoexist

/// What is known of a runtime; unknown runtimes have the entry's defaults.
enum Catalogue {
  @_noLocks @_noAllocation @inline(__always)
  static func entry(of runtime: UInt32) -> UnsafePointer<coexist_catalogue_entry>? {
    coexist_catalogue_at(UInt32(State.runtime(runtime).pointee.catalogue))
  }

  @_noLocks @_noAllocation
  static func claims(_ runtime: UInt32) -> coexist_claims {
    coexist_claims(entry(of: runtime)?.pointee.claims ?? COEXIST_CLAIMS_UNKNOWN.rawValue)
  }

  @_noLocks @_noAllocation
  static func passes(_ runtime: UInt32) -> coexist_passes {
    coexist_passes(entry(of: runtime)?.pointee.passes ?? COEXIST_PASSES_ON.rawValue)
  }

  @_noLocks @_noAllocation
  static func has(_ runtime: UInt32, _ flag: coexist_entry_flags) -> Bool {
    (entry(of: runtime)?.pointee.flags ?? 0) & flag.rawValue != 0
  }

  /// The entry that an ELF object belongs to, by SONAME, exported symbol or note; nil = none.
  @_noLocks @_noAllocation
  static func recognise(_ object: coexist_object, name: UnsafePointer<CChar>) -> UInt32? {
    let index = coexist_catalogue_recognise(object, name)
    return index == COEXIST_CATALOGUE_NONE ? nil : index
  }

  /// Libraries that the configuration gives to "app" belong to no runtime.
  @_noLocks @_noAllocation
  static func isApp(_ index: UInt32) -> Bool {
    coexist_text_equal(
      coexist_catalogue_at(index)!.pointee.name, Runtimes.runtimeName(Runtimes.app)) != 0
  }
}
