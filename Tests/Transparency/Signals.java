import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Whatever HotSpot does with signals; every answer is known, and it ends itself by SIGTERM. */
public final class Signals {
  private static int depth;
  private static volatile Object sink;

  private static int length(String text) { return text.length(); }
  private static void deeper() { depth++; deeper(); }

  private static void say(String what, Object seen) {
    System.out.println("> " + what + ": " + seen);
  }

  private static void await(AtomicInteger count, int wanted) {
    while (count.get() < wanted) LockSupport.parkNanos(1_000_000);
  }

  /** Enough rounds that the checks are compiled to faults. */
  private static void faults() {
    int pointers = 0, divisions = 0, overflows = 0;
    for (int n = 0; n < 100_000; n++) {
      try { pointers += length(n % 10 == 0 ? null : "a") - 1; }
      catch (NullPointerException e) { pointers++; }
      try { divisions += 10 / (n % 10) * 0; }
      catch (ArithmeticException e) { divisions++; }
    }
    for (int n = 0; n < 20; n++) {
      depth = 0;
      try { deeper(); } catch (StackOverflowError e) { if (depth > 500) overflows++; }
    }
    say("null pointers", pointers);
    say("divisions", divisions);
    say("stack overflows", overflows);
  }

  /** Collections stop the threads by protected pages and signals while they allocate. */
  private static void collections() throws Exception {
    Thread[] threads = new Thread[4];
    AtomicInteger sum = new AtomicInteger();
    for (int n = 0; n < threads.length; n++) {
      threads[n] = new Thread(() -> {
        for (int i = 0; i < 200_000; i++) sink = new int[64];
        sum.incrementAndGet();
      });
      threads[n].start();
    }
    for (int n = 0; n < 10; n++) System.gc();
    for (Thread thread : threads) thread.join();
    say("threads that allocated", sum);
  }

  private static void handlers() throws Exception {
    AtomicInteger handled = new AtomicInteger();
    for (String name : new String[] {"USR2", "HUP", "WINCH", "CHLD", "TTIN"}) {
      Signal signal = new Signal(name);
      int before = handled.get();
      SignalHandler old = Signal.handle(signal, s -> handled.incrementAndGet());
      Signal.raise(signal);
      await(handled, before + 1);
      Signal.handle(signal, old);
      say(name, "handled; before it " + (old == SignalHandler.SIG_DFL ? "default" : "another"));
    }
    Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
    say("INT, ignored", run("/bin/sh", "-c", "kill -INT " + ProcessHandle.current().pid()));
    for (String name : new String[] {"SEGV", "FPE", "QUIT", "USR1"}) {
      try { Signal.handle(new Signal(name), s -> {}); say(name, "accepted"); }
      catch (IllegalArgumentException e) { say(name, e.getMessage()); }
    }
  }

  private static int run(String... command) throws Exception {
    Process process = new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectErrorStream(true).start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) process.destroyForcibly();
    return process.waitFor();
  }

  /** HotSpot's dispatcher takes the lower number first: once TTIN is handled all is printed. */
  private static void threadDump(String pid) throws Exception {
    int status = run("/bin/sh", "-c", "kill -3 " + pid);
    AtomicInteger handled = new AtomicInteger();
    Signal.handle(new Signal("TTIN"), s -> handled.incrementAndGet());
    Signal.raise(new Signal("TTIN"));
    await(handled, 1);
    say("kill -3", status);
  }

  public static void main(String[] words) throws Exception {
    String pid = Long.toString(ProcessHandle.current().pid());
    String jcmd = System.getProperty("java.home") + "/bin/jcmd";
    faults();
    collections();
    handlers();
    say("a child's status", run("/bin/sh", "-c", "exit 3"));
    say("a child that is killed", run("/bin/sh", "-c", "kill -TERM $$"));
    say("jcmd Thread.print", run(jcmd, pid, "Thread.print"));
    say("jcmd GC.run", run(jcmd, pid, "GC.run"));
    threadDump(pid);
    faults();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> say("shut down by", "SIGTERM")));
    Signal.raise(new Signal("TERM"));
    Thread.sleep(60_000);
  }
}
