import ConfigReader
import Testing

@Suite struct SchemaTests {
  struct Document: Encodable {
    var document: String
    var accepted: Bool
  }
  struct Input: Encodable {
    var schema: String
    var documents: [Document]
  }

  /// Whether a file is right: the reader and the JSON schema must say the same. What a schema
  /// cannot express (two rules for a signal, unknown runtimes, repetitions, lengths in bytes, and
  /// that 64.0 is no integer) is left out.
  @Test func judgesAsTheReader() throws {
    let beyond: Set = ["C011", "C012", "C031"]
    let texts =
      (DiagnosticTests.cases + RuntimeSectionTests.cases).map(\.text) + [
        String(cString: coexist_config_template()), "", "version = 2", "version = 0",
        "version = '1'", ContainerSectionTests.text, RuntimeSectionTests.text,
        "version = 1\n[[tls]]\nlibraries = ['x.so']\npolicy = 'entered'\n",
      ]
    let documents: [Document] = texts.compactMap { text in
      let reading = Reading(text)
      if reading.diagnostics.contains(where: { beyond.contains($0.code) }) { return nil }
      if text.contains("é") || text.contains("64.0") { return nil }
      return Document(document: text, accepted: reading.errors == 0)
    }
    #expect(documents.filter(\.accepted).count >= 4)
    #expect(documents.count > 40)
    let schema = String(cString: coexist_config_schema())
    let output = try python("schema.py", input: Input(schema: schema, documents: documents))
    #expect(output == "")
  }
}
