public final class Nulls {
    private int field = 1;

    private static int read(Nulls object) {
        return object.field;
    }

    // HotSpot lets the processor find null: each one is a SIGSEGV that it handles.
    public static int caught(int times) {
        int caught = 0;
        for (int i = 0; i < times; i++) {
            try {
                read(null);
            } catch (NullPointerException expected) {
                caught++;
            }
        }
        return caught;
    }
}
