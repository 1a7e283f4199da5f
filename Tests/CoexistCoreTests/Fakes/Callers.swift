import Foundation

@preconcurrency import CCoexist

/// Addresses inside loaded objects: the core knows a caller by its return address.
enum Callers {
  /// Small system libraries that no catalogue entry knows; each is a runtime of its own.
  static let libraries: [UInt64] = [
    "libz.so.1", "libbz2.so.1.0", "liblzma.so.5", "libcrypt.so.1", "libselinux.so.1",
    "libacl.so.1", "libattr.so.1", "libtinfo.so.6", "libpcre2-8.so.0", "libuuid.so.1",
    "libaudit.so.1", "libblkid.so.1",
  ].compactMap { (name: String) in dlopen(name, RTLD_NOW).map(inside) }

  /// In libc: evidence for nobody.
  static let system = UInt64(UInt(bitPattern: dlsym(nil, "getpid")))

  /// In this program.
  static var app: UInt64 {
    let code: @convention(c) () -> Void = {}
    return UInt64(UInt(bitPattern: unsafeBitCast(code, to: UnsafeRawPointer.self)))
  }

  /// A handle is a link map, whose first word is the object's base address.
  static func inside(_ handle: UnsafeMutableRawPointer) -> UInt64 {
    handle.load(as: UInt64.self) + 64
  }
}
