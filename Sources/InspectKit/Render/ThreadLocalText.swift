extension ThreadLocalReport {
  public func render(_ style: Style) -> String {
    (table(style) + [staticLine].compactMap { $0 }).joined(separator: "\n")
  }

  /// Whose libraries do not fit in what is left cannot be opened.
  private var staticLine: String? {
    staticRoom.map { room in
      "Static TLS: \(grouped(room.usedBytes)) of \(grouped(room.bytes)) bytes used; "
        + "\(grouped(room.leftBytes)) left (GLIBC_TUNABLES=glibc.rtld.optional_static_tls)"
    }
  }

  private func table(_ style: Style) -> [String] {
    guard !modules.isEmpty else {
      return [style(.dim, "no context was made: all thread-local state is the OS threads'")]
    }
    var table = TextTable([
      .init(title: "MODULE", alignment: .right), .init(title: "LIBRARY", shrinks: true),
      .init(title: "BYTES", alignment: .right), .init(title: "POLICY"), .init(title: "WHY"),
      .init(title: "BLOCKS", alignment: .right),
    ])
    for module in modules {
      let exchanged = module.copiedBytes > 0 ? " \(grouped(module.copiedBytes))" : ""
      table.add([
        "\(module.id)", module.library, grouped(module.bytes), module.policy + exchanged,
        module.reason, module.blocks > 0 ? grouped(module.blocks) : "–",
      ])
    }
    let living = "\(plural(Int(clamping: contexts), "context")) of \(grouped(contextsMade)) made"
    let found = "\(grouped(stacks)) found by \(stacks == 1 ? "its stack" : "their stacks")"
    return table.render(style) + [style(.dim, "\(living), \(found)")]
  }
}
