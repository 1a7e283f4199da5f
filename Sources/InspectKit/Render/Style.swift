import Glibc

/// When the output is coloured.
public enum ColourChoice: String, Sendable, CaseIterable { case auto, always, never }

/// How text is laid out and coloured. Colour never carries a meaning that words do not.
public struct Style: Sendable {
  public enum Look: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  public var colour: Bool
  /// In columns; lines are cut or wrapped there.
  public var width: Int
  /// Whether tables have a header.
  public var legend: Bool

  public init(colour: Bool = false, width: Int = 100, legend: Bool = true) {
    self.colour = colour
    self.width = width
    self.legend = legend
  }

  /// For an output descriptor: FORCE_COLOR goes before NO_COLOR, both before the terminal test.
  public init(
    _ choice: ColourChoice, descriptor: Int32, legend: Bool, wide: Bool,
    _ surroundings: Surroundings
  ) {
    colour = Style.isColoured(choice, descriptor, surroundings)
    width = wide ? Int.max : Style.columns(descriptor, surroundings)
    self.legend = legend
  }

  private static func isColoured(
    _ choice: ColourChoice, _ descriptor: Int32, _ surroundings: Surroundings
  ) -> Bool {
    if choice != .auto { return choice == .always }
    if let force = surroundings.variable("FORCE_COLOR") { return force != "0" }
    if surroundings.variable("NO_COLOR") != nil { return false }
    return isatty(descriptor) == 1 && surroundings.variable("TERM") != "dumb"
  }

  /// COLUMNS, else the terminal's width, else 100: the width of a pipe is nobody's business.
  private static func columns(_ descriptor: Int32, _ surroundings: Surroundings) -> Int {
    if let set = surroundings.variable("COLUMNS").flatMap({ Int($0) }), set >= 20 { return set }
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 {
      return Int(size.ws_col)
    }
    return 100
  }

  func callAsFunction(_ look: Look, _ text: String) -> String {
    colour && !text.isEmpty ? "\u{1B}[\(look.rawValue)m\(text)\u{1B}[0m" : text
  }
}
