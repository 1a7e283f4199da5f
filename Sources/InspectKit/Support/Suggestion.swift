/// The candidate that `word` was probably meant to be: the one with the fewest edits, if those are
/// at most a third of its letters (at least one).
public func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
  let folded = word.lowercased()
  let ranked = candidates.map { ($0, editDistance(folded, $0.lowercased())) }
  guard let best = ranked.min(by: { $0.1 < $1.1 }) else { return nil }
  return best.1 <= max(1, best.0.count / 3) ? best.0 : nil
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first.unicodeScalars.prefix(128))
  let b = Array(second.unicodeScalars.prefix(128))
  var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
  for i in 0...a.count { rows[i][0] = i }
  for j in 0...b.count { rows[0][j] = j }
  for i in stride(from: 1, through: a.count, by: 1) {
    for j in stride(from: 1, through: b.count, by: 1) {
      let replaced = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      rows[i][j] = min(replaced, rows[i - 1][j] + 1, rows[i][j - 1] + 1)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
      }
    }
  }
  return rows[a.count][b.count]
}
