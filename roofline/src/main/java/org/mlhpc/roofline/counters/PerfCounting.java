package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A perf process that counts until the program given to it ends: {@code cat}, which ends when its input does, in {@link #stop} or
 * when this process is killed. perf starts that program when its events begin to count, so what {@code cat} gives back says that they do.
 */
final class PerfCounting implements Counting {
    private static final long ATTACH_SECONDS = 10;
    private static final long STOP_SECONDS = 5;

    private final Map<String, Double> events;
    private final Path printed;
    private final Process perf;

    /** @param events with what each is worth */
    PerfCounting(PerfTool tool, Map<String, Double> events, Scope scope) throws IOException {
        this.events = events;
        this.printed = Files.createTempFile("mlhpc-perf", ".csv");
        // Nobody closes what counts in a run that is told to end.
        printed.toFile().deleteOnExit();
        try {
            perf = Tool.start(tool.attach(events.keySet(), scope).redirectError(printed.toFile()));
        } catch (IOException e) {
            Files.deleteIfExists(printed);
            throw e;
        }
        try {
            awaitEvents();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void awaitEvents() throws IOException {
        long begin = System.nanoTime();
        ask();
        try {
            while (perf.getInputStream().available() == 0) {
                if (!perf.isAlive()) {
                    throw new IOException(
                            "perf has ended: " + output().failure().orElse("it says nothing"));
                }
                if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(ATTACH_SECONDS)) {
                    throw new IOException("perf does not count after " + ATTACH_SECONDS + " s");
                }
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while perf attached", e);
        }
    }

    private void ask() {
        try {
            OutputStream input = perf.getOutputStream();
            input.write('\n');
            input.flush();
        } catch (IOException e) {
            // perf has ended at once, and no answer will come.
        }
    }

    private PerfOutput output() throws IOException {
        return PerfOutput.of(new Tool.Output(perf.exitValue(), Files.readString(printed)));
    }

    @Override
    public void keepUp() {}

    @Override
    public Tally stop() {
        try {
            perf.getOutputStream().close();
            return perf.waitFor(STOP_SECONDS, TimeUnit.SECONDS)
                    ? output().tally(events)
                    : Tally.unknown("perf did not end within " + STOP_SECONDS + " s");
        } catch (IOException e) {
            return Tally.unknown("what perf printed cannot be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Tally.unknown("interrupted while perf ended");
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        perf.destroyForcibly();
        try {
            Files.deleteIfExists(printed);
        } catch (IOException e) {
            // A temporary file that stays until this program ends harms nobody.
        }
    }
}
