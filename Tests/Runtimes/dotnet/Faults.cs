// Deliberate .NET faults, for .NET Core and for Mono. Each entry returns 0 when all was right, or
// the number of the step that was not.
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;

public class Faults
{
    int field = 1;
    static volatile bool stop;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Read(Faults value) { return value.field; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Divide(int dividend, int divisor) { return dividend / divisor; }

    static int NullReference()
    {
        for (int round = 1; round <= 3; round++) {
            try {
                Read(null);
                return round;
            } catch (NullReferenceException) {
                if (Read(new Faults()) != 1) return 10 + round;
            }
        }
        return 0;
    }

    static int DivideByZero()
    {
        for (int round = 1; round <= 3; round++) {
            try {
                Divide(round, 0);
                return round;
            } catch (DivideByZeroException) {
                if (Divide(6, 3) != 2) return 10 + round;
            }
        }
        return 0;
    }

    // The entry points have the one signature that hostfxr and Mono's loader both offer.
    public static int nre(IntPtr data, int size) { return NullReference(); }

    public static int div(IntPtr data, int size) { return DivideByZero(); }

    public static int nret(IntPtr data, int size)
    {
        int result = 99;
        var thread = new Thread(() => result = NullReference());
        thread.Start();
        thread.Join();
        return result;
    }

    // Each child's own exit status comes back to the runtime that started it.
    public static int exits(IntPtr data, int size)
    {
        for (int status = 1; status <= 20; status++) {
            using (var child = Process.Start("/bin/sh", "-c \"exit " + status + "\"")) {
                child.WaitForExit();
                if (child.ExitCode != status) return status;
            }
        }
        return 0;
    }

    // Collections while other threads run managed code and allocate.
    public static int gc(IntPtr data, int size)
    {
        stop = false;
        var threads = new Thread[2];
        var turns = new long[threads.Length];
        for (int i = 0; i < threads.Length; i++) {
            int slot = i;
            threads[i] = new Thread(() => {
                var kept = new object[64];
                while (!stop) {
                    kept[turns[slot] % 64] = new byte[256];
                    turns[slot]++;
                }
            });
            threads[i].IsBackground = true;
            threads[i].Start();
        }
        string text = "kept";
        for (int round = 0; round < 20; round++) {
            text += ".";
            GC.Collect();
            Thread.Sleep(5);
        }
        stop = true;
        foreach (var thread in threads) thread.Join();
        foreach (var count in turns) if (count == 0) return 2;
        return text == "kept...................." ? 0 : 1;
    }

    // Collections while another thread is in a loop without calls, where only a signal stops it.
    public static int tight(IntPtr data, int size)
    {
        var started = new ManualResetEvent(false);
        long total = 0;
        stop = false;
        var thread = new Thread(() => {
            long turns = 0;
            started.Set();
            while (!stop) turns++;
            total = turns;
        });
        thread.IsBackground = true;
        thread.Start();
        started.WaitOne();
        Thread.Sleep(20);
        for (int round = 0; round < 5; round++) {
            GC.Collect();
            Thread.Sleep(5);
        }
        stop = true;
        thread.Join();
        return total > 0 ? 0 : 1;
    }
}
