import CCoexist

/// Which initial-exec variables of a known guest belong to the task (`variables` of the catalogue).
enum Manifest {
  static func isKnown(_ map: UInt64) -> Bool {
    coexist_catalogue_variables(coexist_object_name(map)) != nil
  }

  /// Fills `first` and what follows; returns how many, 0 = this build of the guest does not fit,
  /// -1 = there is no room.
  /// Without a manifest the user asked for all of the module.
  static func fill(
    _ module: GuestModule, map: UInt64, into first: UnsafeMutablePointer<coexist_tls_range>,
    room: Int32
  ) -> Int32 {
    let name = coexist_object_name(map)
    guard let entries = coexist_manifest_configured(name) ?? coexist_catalogue_variables(name)
    else {
      first.pointee.offset = 0
      first.pointee.size = UInt32(truncatingIfNeeded: (module.pointee.size &+ 7) & ~7)
      return 1
    }
    var missing: UnsafePointer<CChar>?
    let count = coexist_manifest_ranges(
      map, entries, first, room, &missing)
    guard count < 0, let missing else { return count }
    Warnings.add("W302", level: COEXIST_LOG_WARN) { text in
      text.add(name: coexist_object_name(map)!)
      text.add(" has no variable ")
      text.add(name: missing)
      text.add("; its thread-local state stays with the OS thread")
    }
    return 0
  }
}
