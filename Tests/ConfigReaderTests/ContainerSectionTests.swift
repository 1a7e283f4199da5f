import CCoexist
import Testing

/// [[container]]: what reaches the structure.
@Suite struct ContainerSectionTests {
  static let text = """
    version = 1
    [[container]]
    name = "old"
    libraries = ["libold.so*", "libold_rt.so"]
    share = ["libstdc++.so.6"]
    isolation = "namespace"
    copies = true
    lazy = true
    close_timeout_ms = 0
    [[container]]
    name = "new"
    libraries = ["libnew.so"]
    """

  @Test func everyKeyIsStored() {
    let reading = Reading(Self.text)
    #expect(reading.summary == [])
    #expect(reading.config.containers_count == 2)
    let old = reading.config.containers.0
    let new = reading.config.containers.1
    #expect(fixed(old.name) == "old" && fixed(new.name) == "new")
    #expect(old.libraries_count == 2 && fixed(old.libraries.1) == "libold_rt.so")
    #expect(old.share_count == 1 && fixed(old.share.0) == "libstdc++.so.6")
    #expect((old.copies, old.lazy, old.close_timeout_ms) == (1, 1, 0))
    #expect((new.copies, new.lazy, new.close_timeout_ms) == (0, 0, 1000))
    #expect(new.share_count == 0 && fixed(new.libraries.0) == "libnew.so")
    #expect(reading.values["container[0].share"] == "[\"libstdc++.so.6\"]")
  }

  /// A runtime of the same name is another thing, and a container's name is none of a runtime.
  @Test func namesOfContainersAreTheirOwn() {
    let rule = "[[signals.rule]]\nsignals = [\"SIGBUS\"]\norder = [\"mine\"]\n"
    let container = "[[container]]\nname = \"mine\"\nlibraries = [\"m.so\"]\n"
    let runtime = "[[runtime]]\nname = \"mine\"\nlibraries = [\"m.so\"]\n"
    #expect(Reading("version = 1\n" + container + runtime + rule).summary == [])
    let unknown = Reading("version = 1\n" + rule + container)
    #expect(unknown.diagnostics.map(\.code) == ["C012"])
  }

  @Test func moreThanFit() {
    let all = (0..<17).map { "[[container]]\nname = \"c\($0)\"\nlibraries = [\"l\($0)\"]\n" }
    let reading = Reading("version = 1\n" + all.joined())
    #expect(reading.config.containers_count == 16)
    #expect(reading.summary == ["C010 50:1+13: there are more than 16 [[container]]."])
  }
}
