// Deliberate HotSpot faults. Each method returns "" when all was right, or says what was not.
public final class Faults {
    private static final int WARM_UP = 20_000;
    private static volatile boolean stop;
    private static volatile int sink;
    private int field = 1;

    private static int read(Faults object) {
        return object.field;
    }

    private static int divide(int dividend, int divisor) {
        return dividend / divisor;
    }

    private static int recurse(int depth) {
        sink = depth;
        return recurse(depth + 1) + 1;
    }

    // An implicit null check faults in the interpreter, in C1's code and in C2's.
    public static String npe() {
        Faults object = new Faults();
        int caught = 0;
        for (int round = 0; round < 3; round++) {
            try {
                sink = read(null);
                return "no NullPointerException in round " + round;
            } catch (NullPointerException expected) {
                caught++;
            }
            int sum = 0;
            for (int i = 0; i < WARM_UP; i++) sum += read(object);
            if (sum != WARM_UP) return "wrong sum " + sum;
        }
        return caught == 3 ? "" : "caught " + caught;
    }

    public static String div() {
        int caught = 0;
        for (int round = 0; round < 3; round++) {
            try {
                sink = divide(round, 0);
                return "no ArithmeticException in round " + round;
            } catch (ArithmeticException expected) {
                if (!"/ by zero".equals(expected.getMessage()) && expected.getMessage() != null)
                    return expected.toString();
                caught++;
            }
            int sum = 0;
            for (int i = 0; i < WARM_UP; i++) sum += divide(i, i + 1);
            if (sum != 0) return "wrong sum " + sum;
        }
        return caught == 3 ? "" : "caught " + caught;
    }

    public static String so() {
        for (int round = 0; round < 3; round++) {
            try {
                recurse(0);
                return "no StackOverflowError in round " + round;
            } catch (StackOverflowError expected) {
                if (sink < 500) return "overflow after " + sink + " calls";
            }
        }
        return "";
    }

    public static String sot() throws InterruptedException {
        String[] result = {"the thread did not end"};
        Thread thread = new Thread(() -> result[0] = so());
        thread.start();
        thread.join();
        return result[0];
    }

    // Threads in compiled loops reach a safepoint through a fault on the polling page.
    public static String gc() throws InterruptedException {
        stop = false;
        long[] turns = new long[2];
        Thread[] threads = new Thread[turns.length];
        for (int i = 0; i < threads.length; i++) {
            int slot = i;
            threads[i] = new Thread(() -> {
                long count = 0;
                while (!stop) count++;
                turns[slot] = count;
            });
            threads[i].setDaemon(true);
            threads[i].start();
        }
        String text = "kept";
        for (int round = 0; round < 20; round++) {
            byte[] garbage = new byte[1 << 20];
            text = text + (garbage[round] == 0 ? "." : "?");
            System.gc();
            Thread.sleep(5);
        }
        stop = true;
        for (Thread thread : threads) thread.join();
        if (!text.equals("kept" + ".".repeat(20))) return "heap damaged: " + text;
        for (long count : turns) if (count == 0) return "a thread made no turn";
        return "";
    }

    // Each child's own exit status comes back to the runtime that started it.
    public static String exits() throws Exception {
        for (int status = 1; status <= 20; status++) {
            Process child = new ProcessBuilder("/bin/sh", "-c", "exit " + status).start();
            int got = child.waitFor();
            if (got != status) return "exit " + status + " came as " + got;
        }
        return "";
    }

    // A daemon thread that goes on faulting until the process ends.
    public static void startDaemon() throws InterruptedException {
        Thread thread = new Thread(() -> {
            while (true) {
                try {
                    sink = read(null);
                } catch (NullPointerException expected) {
                    pause();
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException ignored) {
            stop = true;
        }
    }
}
