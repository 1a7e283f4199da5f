/// Untrusted text made safe for a terminal: control characters (also C1, line separators and those
/// that change the direction of writing) become `\xNN` or `\u{NNNN}`, everything else stays.
public func printable(_ text: some StringProtocol) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x00..<0x20, 0x7F..<0xA0:
      result += "\\x" + hexadecimal(UInt64(scalar.value), width: 2)
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB:
      result += "\\u{" + hexadecimal(UInt64(scalar.value), width: 4) + "}"
    default:
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Lower-case hexadecimal digits without a prefix, filled with zeros to `width`.
func hexadecimal(_ value: UInt64, width: Int = 1) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// An address as every output of the tool writes it.
func addressText(_ value: UInt64) -> String { "0x" + hexadecimal(value) }
