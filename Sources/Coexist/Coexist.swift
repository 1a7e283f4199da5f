import Glibc

/// What a program can ask about coexist. Without the preload every answer is "no"; nothing needs to
/// be linked.
public enum Coexist {
  /// The version of the libcoexist.so that runs in this process; nil = none. Any thread; not for
  /// signal handlers (dlsym locks).
  public static var version: String? {
    typealias Version = @convention(c) () -> UnsafePointer<CChar>
    guard let symbol = dlsym(nil, "coexist_version") else { return nil }
    return String(cString: unsafeBitCast(symbol, to: Version.self)())
  }
}
