import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Virtual threads that each keep state in a native library over many yields: Virtual jni|ffm
 * LIBRARY. JDK 17 compiles this, so what is newer is called by its name.
 */
public class Virtual {
    static final int THREADS = 64, YIELDS = 40, ENOUGH = 200, ROUNDS = 50;

    static native void set(long value);
    static native boolean check(long value);
    static native int here();

    interface Guest {
        void set(long value) throws Throwable;
        boolean check(long value) throws Throwable;
        int here() throws Throwable;
    }

    static class ByJni implements Guest {
        public void set(long value) { Virtual.set(value); }
        public boolean check(long value) { return Virtual.check(value); }
        public int here() { return Virtual.here(); }
    }

    /** By java.lang.foreign. */
    static class ByFfm implements Guest {
        private final MethodHandle set, check, here;

        ByFfm(String library) throws Throwable {
            Class<?> arena = named("Arena"), symbols = named("SymbolLookup");
            Object guest = symbols.getMethod("libraryLookup", Path.class, arena)
                .invoke(null, Path.of(library), arena.getMethod("global").invoke(null));
            Object number = named("ValueLayout").getField("JAVA_INT").get(null);
            Object value = named("ValueLayout").getField("JAVA_LONG").get(null);
            set = handle(guest, "guest_set", null, value);
            check = handle(guest, "guest_check", number, value);
            here = handle(guest, "guest_here", number);
        }

        public void set(long value) throws Throwable { set.invoke(value); }
        public boolean check(long value) throws Throwable { return (int) check.invoke(value) != 0; }
        public int here() throws Throwable { return (int) here.invoke(); }

        private static Class<?> named(String name) throws Throwable {
            return Class.forName("java.lang.foreign." + name);
        }

        private static MethodHandle handle(Object library, String name, Object result, Object... of)
            throws Throwable {
            Class<?> linker = named("Linker"), layout = named("MemoryLayout");
            Class<?> layouts = layout.arrayType(), signature = named("FunctionDescriptor");
            Object arguments = Array.newInstance(layout, of.length);
            for (int i = 0; i < of.length; i++) Array.set(arguments, i, of[i]);
            Object description = result == null
                ? signature.getMethod("ofVoid", layouts).invoke(null, arguments)
                : signature.getMethod("of", layout, layouts).invoke(null, result, arguments);
            Object symbol = ((Optional<?>) named("SymbolLookup").getMethod("find", String.class)
                .invoke(library, name)).get();
            Class<?> options = Class.forName("java.lang.foreign.Linker$Option");
            return (MethodHandle) linker
                .getMethod("downcallHandle", named("MemorySegment"), signature, options.arrayType())
                .invoke(linker.getMethod("nativeLinker").invoke(null), symbol, description,
                    Array.newInstance(options, 0));
        }
    }

    static Guest guest;
    static final AtomicInteger lost = new AtomicInteger(), moved = new AtomicInteger();
    static final AtomicInteger ended = new AtomicInteger();

    static void work(int number) {
        try {
            guest.set(number);
            int before = guest.here();
            for (int i = 0; i < YIELDS; i++) {
                Thread.yield();
                int now = guest.here();
                if (now != before) moved.incrementAndGet();
                before = now;
                if (!guest.check(number)) lost.incrementAndGet();
            }
            ended.incrementAndGet();
        } catch (Throwable problem) {
            problem.printStackTrace();
        }
    }

    public static void main(String[] words) throws Throwable {
        if (words[0].equals("jni")) {
            System.load(words[1]);
            guest = new ByJni();
        } else {
            guest = new ByFfm(words[1]);
        }
        guest.set(-7);
        var start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        int made = 0;
        // On a busy machine they may all run on one OS thread for a while: then nothing is lost.
        for (int round = 0; round < ROUNDS && (round < 3 || moved.get() < ENOUGH); round++) {
            Thread[] all = new Thread[THREADS];
            for (int i = 0; i < THREADS; i++) {
                int number = ++made;
                all[i] = (Thread) start.invoke(null, (Runnable) () -> work(number));
            }
            for (Thread thread : all) thread.join();
        }
        if (!guest.check(-7)) lost.incrementAndGet();
        System.out.println(lost + " lost, " + moved + " moved, " + (made - ended.get())
            + " unfinished");
        System.exit(moved.get() < ENOUGH ? 4 : lost.get() != 0 || ended.get() != made ? 1 : 0);
    }
}
