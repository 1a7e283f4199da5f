extension ProcessReport {
  /// One page that needs nothing else: no script, no network. The same facts as JSON are in it.
  public func html() -> String {
    var page = Html()
    let name = "\(status.moment.name) (\(pid))"
    page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
    page.element("title", "coexist: \(name)")
    page.raw("<style>\(ReportStyle.sheet)</style></head><body><main>")
    page.element("h1", name)
    page.element(
      "p", "\(status.condition.rawValue) · seen \(takenAt)", [("class", status.condition.rawValue)])
    addHead(&page)
    addPictures(&page)
    addSignals(&page)
    addThreads(&page)
    addContexts(&page)
    addMemory(&page)
    page.raw("</main>")
    page.raw("<script type=\"application/json\" id=\"coexist-report\">")
    page.raw(Html.insideScript(json(self)))
    page.raw("</script>")
    page.raw("</body></html>")
    return page.text
  }

  private func addHead(_ page: inout Html) {
    page.table(
      ["", ""],
      [
        ["Command", status.command.joined(separator: " ")], ["Since", status.since],
        ["Library", "libcoexist.so \(status.libraryVersion)"], ["Mode", status.mode],
        ["Configuration", status.config.path ?? "built-in defaults"],
        [
          "Signals",
          "\(status.signals.chained) chained, \(grouped(status.signals.delivered)) delivered, "
            + "\(grouped(status.signals.unclaimed)) unclaimed",
        ],
      ])
    guard !status.warnings.isEmpty else { return }
    page.element("h2", "Warnings")
    page.table(
      ["Code", "When", "What", "What you can do"],
      status.warnings.map { warning in
        let remedy = (try? MessageCode.find(warning.code))?.remedy ?? ""
        return [warning.code, warning.at, warning.text, remedy]
      })
  }

  private func addPictures(_ page: inout Html) {
    let lanes = Lanes(self)
    page.element("h2", "Runtimes")
    page.raw(lanes.lives(self))
    page.table(
      ["Runtime", "Library", "Mapped at", "Since", "Handled", "Handed on"], numbers: [4, 5],
      status.runtimes.map {
        [$0.name, $0.library, $0.base, $0.since, grouped($0.claimed), grouped($0.declined)]
      })
    page.element("h2", "Dispatches")
    guard !events.isEmpty else { return page.element("p", "No event was recorded.") }
    page.element(
      "p", "Filled: handled. Hollow: asked; handed on or no answer. Red: nobody claimed it.")
    page.raw(lanes.dispatches(self))
    page.table(
      ["#", "When", "Thread", "What", "At", "Whose", "Asked", "Outcome"], numbers: [0, 2],
      events.map { event in
        [
          "\(event.sequence)", event.at, "\(event.tid)", event.code,
          event.pcSymbol ?? event.pc, event.pcOwner,
          event.tried.map { "\($0.runtime) \($0.how)" }.joined(separator: ", "),
          event.handledBy ?? event.outcome,
        ]
      })
  }

  private func addSignals(_ page: inout Html) {
    page.element("h2", "Chains")
    page.raw("<dl class=\"chains\">")
    for signal in signals.signals {
      page.element("dt", signal.name)
      let links = signal.chain.map { link in
        let what = link.symbol ?? (link.action == "handler" ? link.handler : link.action)
        return Html.element("span", "\(link.runtime): \(what)", [("class", "link")])
      }
      page.raw("<dd>" + links.joined(separator: " › "))
      page.element(
        "small", "delivered \(grouped(signal.delivered)), unclaimed \(grouped(signal.unclaimed))")
      page.raw("</dd>")
    }
    page.raw("</dl>")
  }

  private func addThreads(_ page: inout Html) {
    page.element("h2", "Threads")
    let counts = Dictionary(grouping: threads.threads, by: \.madeBy).mapValues(\.count)
    page.element(
      "p",
      counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) \($0.value)" }.joined(separator: " · "))
    page.raw("<details><summary>\(plural(threads.threads.count, "thread"))</summary>")
    page.table(
      ["Thread", "Made by", "Since", "Stack", "KiB", "Alternate KiB", "Known to"],
      numbers: [0, 4, 5],
      threads.threads.map {
        [
          "\($0.tid)", $0.madeBy, $0.since, $0.stackLow ?? "–", grouped($0.stackBytes / 1024),
          grouped($0.alternateBytes / 1024), $0.collectors.joined(separator: " "),
        ]
      })
    page.raw("</details>")
    guard !collectors.collectors.isEmpty else { return }
    page.element("h2", "Collectors")
    page.table(
      ["Collector", "Collections", "Knows", "Stopped", "Silent"], numbers: [1, 2, 3, 4],
      collectors.collectors.map {
        [
          $0.name, grouped($0.collections), "\($0.threadsKnown)", grouped($0.threadsAsked),
          grouped($0.threadsSilent),
        ]
      })
  }

  private func addContexts(_ page: inout Html) {
    guard contexts.made > 0 else { return }
    page.element("h2", "Contexts")
    page.element(
      "p",
      "\(grouped(contexts.living)) of \(grouped(contexts.made)) that were made; each is one "
        + "instance of the guests' thread-local state.")
    page.raw("<details><summary>\(plural(contexts.contexts.count, "context"))</summary>")
    page.table(
      [
        "Context", "Host", "Made by", "Inside", "Stack", "KiB", "Blocks", "Bytes", "Resumed",
        "Moved",
      ],
      numbers: [0, 5, 6, 7, 8, 9],
      contexts.contexts.map {
        [
          "\($0.id)", $0.host, $0.madeBy, $0.tid.map { "\($0)" } ?? $0.inside,
          $0.stackLow ?? "–", grouped($0.stackBytes / 1024), "\($0.blocks)",
          grouped($0.blockBytes), $0.resumed.map { "\($0)" } ?? "–",
          $0.migrations.map { "\($0)" } ?? "–",
        ]
      })
    page.raw("</details>")
  }

  private func addMemory(_ page: inout Html) {
    page.element("h2", "Containers")
    if containers.containers.isEmpty {
      page.element("p", "None.")
    } else {
      page.table(
        ["Name", "Library", "Namespace", "State", "Threads", ""], numbers: [2, 4],
        containers.containers.map {
          [$0.name, $0.library, "\($0.namespace)", $0.state, "\($0.threads)", $0.why ?? ""]
        })
    }
    guard !regions.isEmpty else { return }
    page.element("h2", "Generated code and guarded memory")
    page.raw("<details><summary>\(plural(regions.count, "region"))</summary>")
    page.table(
      ["From", "To", "Runtime", "Kind"], regions.map { [$0.low, $0.high, $0.runtime, $0.kind] })
    page.raw("</details>")
  }
}

/// The look of the page, light and dark as the reader's system has it.
private enum ReportStyle {
  static let sheet = """
    :root { color-scheme: light dark; --line: #8886; --soft: #8882; }
    body { font: 15px/1.5 system-ui, sans-serif; margin: 0 }
    main { max-width: 1000px; margin: auto; padding: 1rem }
    h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
    table { border-collapse: collapse; font-size: .87rem } .wide { overflow-x: auto }
    th, td { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top }
    td { border-top: 1px solid var(--soft) } .number { text-align: right }
    svg { width: 100%; height: auto; font: 13px system-ui, sans-serif }
    svg text { fill: currentColor }
    .axis { display: flex; justify-content: space-between; margin: 0 0 1rem 15%; font-size: .8rem }
    .base { stroke: var(--line) } .asked { stroke: var(--line); stroke-dasharray: 3 3 }
    .passed { fill: Canvas; stroke: currentColor } .lost { fill: #d11 }
    .c0 { fill: #3b7dd8 } .c1 { fill: #d9822b } .c2 { fill: #2e9e6b } .c3 { fill: #a854c7 }
    .c4 { fill: #c7a008 } .c5 { fill: #d64f7f } .c6 { fill: #1fa3b5 } .c7 { fill: #7a6a58 }
    .coexisting, .observing { color: #2a8a4a } .degraded { color: #b07a00 } .off { color: #d11 }
    .link { border: 1px solid var(--line); border-radius: 4px; padding: 0 .4rem }
    dt { font-weight: 600; margin-top: .5rem } dd { margin: .2rem 0 } small { margin-left: .6rem }
    """
}
