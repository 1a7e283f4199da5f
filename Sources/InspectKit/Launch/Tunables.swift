/// What glibc must be told before a program starts so that containers find room (ld.so(8), glibc
/// manual "Dynamic Linking Tunables"): initial-exec variables of their libraries come out of a
/// reserve that each thread gets.
enum Tunables {
  static let wanted = [
    (name: "glibc.rtld.nns", value: "16"), (name: "glibc.rtld.optional_static_tls", value: "16384"),
  ]

  /// GLIBC_TUNABLES with what is missing; nil = nothing is to be changed. What the user set stays.
  static func value(for configuration: String?, _ surroundings: Surroundings) -> String? {
    guard let configuration, containers(in: configuration) > 0 else { return nil }
    let missing = missing(surroundings)
    if missing.isEmpty { return nil }
    let own = surroundings.variable("GLIBC_TUNABLES").map { [$0] } ?? []
    return (own + missing).joined(separator: ":")
  }

  /// "name=value" of those that are not set.
  static func missing(_ surroundings: Surroundings) -> [String] {
    let set = (surroundings.variable("GLIBC_TUNABLES") ?? "").split(separator: ":")
    return wanted.filter { tunable in !set.contains { $0.hasPrefix(tunable.name + "=") } }
      .map { "\($0.name)=\($0.value)" }
  }

  /// How many [[container]] the file has.
  static func containers(in path: String) -> Int {
    guard let file = try? OpenFile(path) else { return 0 }
    return Configuration.read(file.read(at: 0, count: 1 << 16), source: path).containers
  }
}
