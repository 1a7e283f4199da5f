import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

// JFR's sampler, which stops a thread by SIGUSR2 to read its stack.
public final class Sampled {
    private static volatile long sink;

    // Works for two seconds under the sampler, and returns how many samples the recording has.
    public static long samples() throws Exception {
        Path file = Files.createTempFile(Path.of(""), "sampled", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(20));
            recording.start();
            Thread worker = new Thread(Sampled::work);
            worker.start();
            worker.join();
            recording.stop();
            recording.dump(file);
        }
        long count = 0;
        try (RecordingFile recorded = new RecordingFile(file)) {
            while (recorded.hasMoreEvents()) {
                RecordedEvent event = recorded.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample")) count++;
            }
        }
        Files.delete(file);
        return count;
    }

    private static void work() {
        long value = 1;
        long end = System.nanoTime() + 2_000_000_000L;
        while (System.nanoTime() < end)
            for (int i = 0; i < 100_000; i++) value = value * 31 + i;
        sink = value;
    }
}
