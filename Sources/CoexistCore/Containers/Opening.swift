import CCoexist

/// Whether a container may be opened, decided before anything is loaded.
enum Opening {
  /// glibc's DL_NNS is 16, the program's own namespace included (sysdeps/generic/ldsodefs.h).
  static let namespacesMax: UInt32 = 16
  static let flags = COEXIST_CONTAINER_COPIES.rawValue | COEXIST_CONTAINER_LAZY.rawValue
  /// In place of an id: what is asked for is not to be had at any time.
  static let never = UInt64.max

  static func begin(
    name: UnsafePointer<CChar>, library: UnsafePointer<CChar>, isolation: UInt32, flags: UInt32,
    spacesUsed: UInt32, why: inout Text
  ) -> UInt64 {
    let isScope = isolation == COEXIST_CONTAINER_SCOPE.rawValue
    guard isScope || isolation == COEXIST_CONTAINER_NAMESPACE.rawValue else {
      why.add("there is no such isolation; there are \"namespace\" and \"scope\"")
      return never
    }
    guard flags & ~Self.flags == 0 else {
      why.add("there is no such flag among ")
      why.add(decimal: Int64(flags))
      why.add("; there are 1 (private copies) and 2 (lazy binding)")
      return never
    }
    if !isScope, spacesUsed >= namespacesMax {
      why.add("all 15 namespaces that glibc has beside the program's own are in use; ")
      why.add("close a container, or give this one isolation = \"scope\"")
      return 0
    }
    guard let record = Containers.take() else {
      why.add("all ")
      why.add(decimal: Int64(COEXIST_CONTAINERS_MAX))
      why.add(" containers are in use")
      return 0
    }
    record.pointee.isolation = isolation
    record.pointee.flags = flags
    copy(name, into: &record.pointee.name)
    copy(library, into: &record.pointee.library)
    return record.pointee.id
  }

  static func opened(_ id: UInt64, root: UInt64, target: UInt64, space: Int64) {
    guard let record = Containers.find(id) else { return }
    record.pointee.root = root
    record.pointee.target = target
    record.pointee.space = space
    Containers.setState(record, COEXIST_CONTAINER_OPEN)
  }

  static func copy<T>(_ text: UnsafePointer<CChar>, into field: inout T) {
    withUnsafeMutableBytes(of: &field) { bytes in
      var line = Text(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), size: bytes.count)
      line.add(name: text)
    }
  }
}
