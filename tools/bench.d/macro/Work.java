// HotSpot at work: a tree that the collector moves, threads that meet, null checks that fault.
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

public class Work {
    record Node(Node left, Node right) {}

    static Node tree(int depth) {
        return depth == 0 ? new Node(null, null) : new Node(tree(depth - 1), tree(depth - 1));
    }

    static int count(Node node) {
        return node == null ? 0 : 1 + count(node.left()) + count(node.right());
    }

    static String[] words = new String[2];

    // Compiled code has no check: null is found by SIGSEGV.
    static int length(int index) {
        try {
            return words[index].length();
        } catch (NullPointerException nothing) {
            return 1;
        }
    }

    static long part(int seed) {
        long sum = 0;
        for (int i = 0; i < 120; i++) sum += count(tree(15));
        HashMap<String, Integer> map = new HashMap<>();
        for (int i = 0; i < 1_200_000; i++) {
            map.merge("k" + (i * 31 + seed) % 5000, 1, Integer::sum);
        }
        for (int i = 0; i < 100_000_000; i++) sum += length(0);
        return sum + map.size();
    }

    public static void main(String[] arguments) throws Exception {
        words[0] = "word";
        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<Callable<Long>> parts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int seed = i;
            parts.add(() -> part(seed));
        }
        long sum = 0;
        for (Future<Long> part : pool.invokeAll(parts)) sum += part.get();
        for (int i = 0; i < 2000; i++) sum += length(1);
        pool.shutdown();
        System.out.println(sum);
    }
}
