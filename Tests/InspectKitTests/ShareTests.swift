import Foundation
import Testing

@testable import InspectKit

/// What the tool hands on: pages, metrics, completions, manuals, and the live view.
@Suite(.serialized)
struct ShareTests {
  let scratch = Scratch()

  private func run(_ arguments: String...) throws -> ToolRun {
    let result = try ToolRun(arguments, in: scratch)
    #expect(!result.died, "\(arguments)")
    return result
  }

  private func page() throws -> String {
    let state = SyntheticState()
    fill(&state.raw.pointee.program, "/opt/<b>&\"x\u{0}")
    state.write(to: scratch.path + "/s")
    #expect(try run("report", "--state", "s", "-o", "page.html").status == 0)
    return scratch.path + "/page.html"
  }

  /// Every element is closed in its order, and nothing of the process is taken for markup.
  @Test func thePageIsSoundHTML() throws {
    let script = """
      import html.parser, json, sys
      VOID = {"meta"}
      class Reader(html.parser.HTMLParser):
          open, seen, data = [], {}, ""
          def handle_starttag(self, tag, attrs):
              self.seen[tag] = self.seen.get(tag, 0) + 1
              if tag not in VOID: self.open.append(tag)
          def handle_startendtag(self, tag, attrs):
              self.seen[tag] = self.seen.get(tag, 0) + 1
          def handle_endtag(self, tag):
              assert self.open and self.open[-1] == tag, (tag, self.open)
              self.open.pop()
          def handle_data(self, data):
              if self.open and self.open[-1] == "script": self.data += data
      reader = Reader()
      reader.feed(open(sys.argv[1]).read())
      assert reader.open == [], reader.open
      assert "b" not in reader.seen, "a name became markup"
      assert reader.seen["svg"] == 2 and reader.seen["circle"] == 6, reader.seen
      assert json.loads(reader.data)["schema"] == "coexist.report/1"
      """
    #expect(try Script.python(script, [page()]).output == "")
    #expect(try run("report", "--state", "s", "-o", "page.html").errors.contains("error[T116]"))
    #expect(try run("report", "--state", "s", "-o", "page.html", "--force").status == 0)
  }

  private static let browser = Script.installed("chromium-headless-shell", "chromium")

  @Test(.enabled(if: browser != nil, "no Chromium is installed"))
  func chromiumShowsThePage() throws {
    let shown = try Script.run([
      ShareTests.browser!, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
      "--user-data-dir=" + scratch.folder("profile"), "--dump-dom", "file://" + page(),
    ])
    #expect(shown.status == 0)
    #expect(shown.output.contains("<h2>Dispatches</h2>"))
    #expect(shown.output.contains("&lt;b&gt;&amp;"))
    #expect(shown.output.contains("</circle>"))
    #expect(!shown.output.contains("CONSOLE"))
  }

  @Test func oneFormatEach() throws {
    SyntheticState().write(to: scratch.path + "/s")
    #expect(try run("metrics", "--json", "--state", "s").status == 64)
    #expect(try run("metrics").output == "# EOF\n")
    #expect(try run("metrics", "--state", "s").output.hasSuffix("# EOF\n"))
    #expect(try run("top", "--every", "1", "--state", "s").status == 64)
    #expect(try run("top", "--state", "s").output.contains("PER SECOND"))
    #expect(try run("stacks", "--state", "s", "--collapsed", "--json").status == 64)
    #expect(try run("stacks", "--state", "s", "--thread", "1").status == 64)
    #expect(try run("stacks", "--state", "s", "--trace").errors.contains("error[T119]"))
    #expect(try run("stacks", "--state", "s").output.contains("SHOWN TO"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let script = try run("completions", shell).output
    for word in ["signals", "stacks", "speedscope", "no-legend", "draft", "observed"] {
      #expect(script.contains(word))
    }
    if Script.installed(shell) != nil {
      let file = scratch.file("script", script)
      #expect(try Script.run([shell, "-n", file]).output == "")
    }
  }

  @Test func manualPages() throws {
    #expect(try run("manual", "--into", "share/man").status == 0)
    for page in ManualPage.allCases {
      let path = scratch.path + "/share/man/man\(page.section)/\(page.rawValue).\(page.section)"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains(".SH NAME"))
      if Script.installed("groff") != nil {
        #expect(try Script.run(["groff", "-man", "-ww", "-z", "-Tutf8", "-k", path]).output == "")
      }
    }
    let tool = try run("manual").output
    for word in [
      "stacks", "\\-\\-speedscope", "config check", "\\-\\-prune", "runtime draft",
      "\\-\\-observed",
    ] {
      #expect(tool.contains(word), "\(word)")
    }
    #expect(try run("manual", "coexist").output.contains("W201"))
  }

  /// The manual lists the variables for people, the library for whoever mistypes one.
  @Test func theManualAndTheLibraryKnowTheSameVariables() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let source = try String(
      contentsOf: root.appending(path: "preload/environment.c"), encoding: .utf8)
    let known = Set(source.matches(of: /"(COEXIST_[A-Z_]+[A-Z])"/).map { String($0.1) })
    let listed = EnvironmentVariable.all.map(\.name).filter { $0.hasPrefix("COEXIST_") }
    #expect(known == Set(listed))
  }

  /// ArgumentParser breaks longer lines at 80 columns, and the manual, which moves them in by 7, as
  /// they come.
  @Test func proseFitsEightyColumns() throws {
    let info = try #require(ToolInfo(json: try run("--experimental-dump-help").output))
    func check(_ command: ToolInfo.Command) {
      for line in (command.discussion ?? "").split(separator: "\n") {
        #expect(line.count <= 73, "\(command.commandName): \(line)")
      }
      command.subcommands?.forEach(check)
    }
    check(info.command)
  }

  @Test func versions() throws {
    let text = try run("--version", "--verbose").output
    #expect(text.hasPrefix("coexist-inspect       0.1.0\nlibrary"))
    #expect(text.contains("glibc 2."))
  }

  /// In a terminal: the alternate screen is entered, keys work, and it is left at the end.
  @Test func topInATerminal() throws {
    let library = scratch.file("libcoexist.so.1", String(repeating: "x", count: 4096))
    let descriptor = open(library, O_RDONLY)
    let mapping = mmap(nil, 4096, PROT_READ, MAP_PRIVATE, descriptor, 0)
    defer { munmap(mapping, 4096) }
    close(descriptor)
    let pid = Int(getpid())
    _ = scratch.folder("coexist")
    SyntheticState(pid: pid, startTicks: try #require(Proc.startTicks(pid)))
      .write(to: scratch.path + "/coexist/\(pid).state")
    let script = """
      import os, pty, select, signal, sys, time
      signal.alarm(60)
      tool, pid, folder = sys.argv[1:]
      os.environ["XDG_RUNTIME_DIR"] = folder
      child, master = pty.fork()
      if child == 0: os.execv(tool, [tool, "top", pid, "--every", "100"])
      text, keys, end = b"", [b"s", b"p", b"q"], time.time() + 30
      while time.time() < end:
          if select.select([master], [], [], 0.3)[0]:
              try: got = os.read(master, 65536)
              except OSError: break
              if not got: break
              text += got
          if keys and text.count(b"PER SECOND") > 2 * (4 - len(keys)):
              os.write(master, keys.pop(0))
      status = os.waitpid(child, 0)[1]
      assert status == 0, (status, text)
      assert text.startswith(b"\\x1b[?1049h"), text[:80]
      assert text.rstrip().endswith(b"\\x1b[?1049l"), text[-80:]
      assert b"sort: rate" in text and b"sort: delivered" in text, text
      """
    let output = try Script.python(
      script, [ToolRun.executable.path, "\(pid)", scratch.path]
    ).output
    #expect(output == "")
  }
}
