import CCoexist
import CInspect

/// What `--version --verbose` answers: versions, and where the parts were found.
public struct VersionReport: Sendable {
  private let rows: [(String, String)]

  public init(_ surroundings: Surroundings) {
    let library = (try? Preload.findLibrary(surroundings)) ?? "not found (R005)"
    let folder = library.split(separator: "/").dropLast().joined(separator: "/")
    let reader = "/" + folder + "/libcoexist-config.so"
    rows = [
      ("coexist-inspect", toolVersion),
      ("library", library),
      ("config reader", exists(reader) ? reader : "not beside the library (L012)"),
      ("configuration", ConfigurationPlaces(surroundings).used?.path ?? "built-in defaults"),
      ("state files", StateFolders(surroundings).places.map(\.folder).first ?? "–"),
      ("state format", "\(COEXIST_STATE_VERSION)"),
      ("configuration format", "1"),
      ("libc", "glibc " + String(cString: inspect_libc_version())),
      ("known runtimes", "\(KnownRuntime.builtIn.count)"),
    ]
  }

  public func render() -> String {
    rows.map { label, value in
      label + String(repeating: " ", count: 22 - label.count) + printable(value)
    }.joined(separator: "\n")
  }
}
