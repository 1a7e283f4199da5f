// HotSpot's part: null checks that are faults, an overflow of the stack, garbage, and a number.
public final class Answers {
    private int field = 3;

    private static int read(Answers object) {
        return object.field;
    }

    private static int dive(int depth) {
        return dive(depth + 1) + 1;
    }

    public static long of(int n) {
        long answer = n;
        for (int i = 0; i < 8; i++) {
            try {
                answer = answer * 31 + read(i % 2 == 0 ? null : new Answers());
            } catch (NullPointerException expected) {
                answer += 7;
            }
        }
        if (n == 0) {
            try {
                dive(0);
            } catch (StackOverflowError expected) {
                answer += 11;
            }
        }
        byte[][] garbage = new byte[64][];
        for (int i = 0; i < 512; i++) {
            garbage[i % 64] = new byte[1024];
            garbage[i % 64][i] = (byte) n;
            answer += garbage[i % 64][i];
        }
        return answer;
    }
}
