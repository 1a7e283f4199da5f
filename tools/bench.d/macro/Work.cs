// .NET at work, the same assembly in Mono and in .NET Core: trees for the collector, null
// references that fault, threads that meet.
using System;
using System.Collections.Generic;
using System.Threading;

class Node {
  public Node Left, Right;
  public int Count() { return 1 + (Left == null ? 0 : Left.Count() + Right.Count()); }
  public static Node Tree(int depth) {
    return depth == 0 ? new Node() : new Node { Left = Tree(depth - 1), Right = Tree(depth - 1) };
  }
}

static class Work {
  static long total;

  static int Length(string text) {
    try { return text.Length; } catch (NullReferenceException) { return 1; }
  }

  static void Part(int seed) {
    long sum = 0;
    for (int i = 0; i < 30; i++) sum += Node.Tree(15).Count();
    var map = new Dictionary<string, int>();
    for (int i = 0; i < 450000; i++) {
      string key = "k" + (i * 31 + seed) % 5000;
      int old;
      map[key] = map.TryGetValue(key, out old) ? old + 1 : 1;
    }
    for (int i = 0; i < 90000000; i++) sum += (i ^ seed) & 3;
    for (int i = 0; i < 300; i++) sum += Length(i % 2 == 0 ? null : "text");
    Interlocked.Add(ref total, sum + map.Count);
  }

  static void Main() {
    var threads = new List<Thread>();
    for (int i = 0; i < 4; i++) {
      int seed = i;
      threads.Add(new Thread(() => Part(seed)));
    }
    threads.ForEach(thread => thread.Start());
    threads.ForEach(thread => thread.Join());
    Console.WriteLine(total);
  }
}
