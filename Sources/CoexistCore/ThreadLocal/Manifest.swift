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
    var fault = coexist_manifest_fault()
    let count = coexist_manifest_ranges(map, entries, first, room, &fault)
    guard count < 0 else { return count }
    if fault.trouble == COEXIST_MANIFEST_ROOM.rawValue { return -1 }
    warn(coexist_object_name(map)!, fault)
    return 0
  }

  private static func warn(_ library: UnsafePointer<CChar>, _ fault: coexist_manifest_fault) {
    let isLong = fault.trouble == COEXIST_MANIFEST_LONG.rawValue
    let code: StaticString =
      fault.trouble == COEXIST_MANIFEST_MISSING.rawValue ? "W302" : isLong ? "W307" : "W306"
    Warnings.add(code, level: COEXIST_LOG_WARN) { text in
      text.add(name: library)
      if let other = fault.other {
        text.add(": the variables ")
        text.add(name: other)
        text.add(" and ")
        text.add(name: fault.symbol)
        text.add(" cover the same bytes; name one of them")
      } else if isLong {
        text.add(": the variable ")
        text.add(name: fault.symbol)
        text.add(" has ")
        text.add(decimal: Int64(clamping: fault.bytes))
        text.add(" bytes only; name no more of it")
      } else {
        text.add(" has no variable ")
        text.add(name: fault.symbol)
        text.add(", or is stripped")
      }
      text.add("; its thread-local state stays with the OS thread")
    }
  }
}
