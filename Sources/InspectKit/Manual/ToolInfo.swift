import FoundationEssentials

/// The command line as ArgumentParser describes it: the one place where options are declared.
/// Read from its own JSON; what is not used here is left out.
public struct ToolInfo: Decodable {
  struct Name: Decodable {
    /// "long", "short" or "longWithSingleDash".
    let kind: String
    let name: String

    var text: String { (kind == "long" ? "--" : "-") + name }
  }

  struct Argument: Decodable {
    /// "positional", "option" or "flag".
    let kind: String
    let shouldDisplay: Bool
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let abstract: String?
  }

  struct Command: Decodable {
    let commandName: String
    let shouldDisplay: Bool
    let abstract: String?
    let discussion: String?
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  let command: Command

  public init?(json: String) {
    guard let read = try? JSONDecoder().decode(ToolInfo.self, from: Data(json.utf8)) else {
      return nil
    }
    self = read
  }
}
