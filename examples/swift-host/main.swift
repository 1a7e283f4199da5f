// Swift is the host: Mojo and Lean 4 from its concurrency's threads, which have 512 KiB of stack or
// less. Bare, Mojo has no runtime, and Lean's recursion overflows.
import Guests

func solve(_ n: Int) async -> (Int, Int) { (mojo_squares(n), lean_solves()) }

print("Lean starts:", lean_start())
await withTaskGroup(of: (Int, Int, Int).self) { group in
  for n in 1...4 {
    group.addTask {
      let (squares, solved) = await solve(n)
      return (n, squares, solved)
    }
  }
  var answers: [(Int, Int, Int)] = []
  for await answer in group { answers.append(answer) }
  for (n, squares, solved) in answers.sorted(by: { $0.0 < $1.0 }) {
    print("task \(n): Mojo \(squares), Lean \(solved)")
  }
}
let deep = await Task.detached { lean_counts_deep(1_000_000) }.value
print("a million calls deep, in a Swift task:", deep)
