import Glibc

/// The terminal while `top` has it: no echo, no line editing, the alternate screen. Everything is
/// put back at the end, also when a signal ends the tool.
final class Terminal {
  /// In memory of their own: libc reads and writes the whole structure, and a Swift variable has no
  /// room for the padding at its end. What was there, and ours.
  nonisolated(unsafe) private static let saved = UnsafeMutablePointer<termios>.allocate(
    capacity: 2)
  private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
  private static let leave: StaticString = "\u{1B}[?25h\u{1B}[?1049l"

  /// nil if standard input or output is no terminal.
  init?() {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
      tcgetattr(STDIN_FILENO, Terminal.saved) == 0
    else { return nil }
    let raw = Terminal.saved + 1
    raw.initialize(to: Terminal.saved.pointee)
    raw.pointee.c_lflag &= ~tcflag_t(ICANON | ECHO)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      Glibc.signal(signal) { number in
        Terminal.restore()
        _exit(128 + number)
      }
    }
    tcsetattr(STDIN_FILENO, TCSAFLUSH, raw)
    Terminal.put(Terminal.enter)
  }

  deinit { Terminal.restore() }

  /// Async-signal-safe: tcsetattr and write.
  private static func restore() {
    tcsetattr(STDIN_FILENO, TCSANOW, saved)
    leave.withUTF8Buffer { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }

  private static func put(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  var rows: Int {
    var size = winsize()
    let known = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0
    return known ? Int(size.ws_row) : 24
  }

  /// Writes over the last picture line by line, so that nothing flickers.
  func show(_ picture: String) {
    let lines = picture.split(separator: "\n", omittingEmptySubsequences: false)
    Terminal.put("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
  }

  /// The key that is pressed within so many milliseconds.
  func key(within timeout: Int32) -> UInt8? {
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, timeout) > 0 else { return nil }
    var byte: UInt8 = 0
    // The end of input ends the view, as q does.
    return read(STDIN_FILENO, &byte, 1) == 1 ? byte : UInt8(ascii: "q")
  }
}
