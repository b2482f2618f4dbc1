package org.mlhpc.harness;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.mlhpc.api.Progress;

/**
 * What a person sees of a run, on the error stream of rank 0: at a terminal one line that moves, in a batch log a line now
 * and then.
 */
public final class Console {
    private static final long TERMINAL_INTERVAL_NANOS = 200_000_000L;
    private static final long LOG_INTERVAL_NANOS = 30_000_000_000L;
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final PrintStream out;
    private final boolean terminal;
    private final boolean silent;
    private final LongSupplier nanoTime;
    private long lastNanos;
    private int lineLength;

    /** @param silent for the ranks that have nothing to say */
    public Console(PrintStream out, boolean terminal, boolean silent, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.silent = silent;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong();
    }

    /** Prints a line that stays. */
    public synchronized void say(String format, Object... arguments) {
        if (silent) {
            return;
        }
        clearLine();
        out.println(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
        lastNanos = nanoTime.getAsLong();
    }

    /** Whether it is time to show progress again. */
    public synchronized boolean due() {
        return !silent && nanoTime.getAsLong() - lastNanos >= (terminal ? TERMINAL_INTERVAL_NANOS : LOG_INTERVAL_NANOS);
    }

    /** Shows how far the work is; the next line may replace it. */
    public synchronized void show(String format, Object... arguments) {
        if (silent) {
            return;
        }
        String line = String.format(Locale.ROOT, format, arguments);
        lastNanos = nanoTime.getAsLong();
        if (terminal) {
            clearLine();
            out.print(line);
            out.flush();
            lineLength = line.length();
        } else {
            out.println(line);
        }
    }

    private void clearLine() {
        if (lineLength > 0) {
            out.print("\r" + " ".repeat(lineLength) + "\r");
            lineLength = 0;
        }
    }

    /** Progress of one piece of work, with rate and time left. */
    public Progress progress(String what) {
        long begin = nanoTime.getAsLong();
        return (done, total, unit) -> {
            if (due() && done > 0) {
                double seconds = (nanoTime.getAsLong() - begin) * SECONDS_PER_NANOSECOND;
                double rate = done / seconds;
                show(
                        "%s: %d of %d %s, %.1f %s/s, %s left",
                        what, done, total, unit, rate, unit, duration((total - done) / rate));
            }
        };
    }

    /** {@code 1 rank} or {@code 2 ranks}. */
    public static String count(int number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }

    /** {@code 1 h 02 min}, {@code 3 min 20 s} or {@code 4.2 s}. */
    public static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "unknown time";
        }
        long whole = Math.round(seconds);
        if (whole >= 3600) {
            return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
        } else if (whole >= 60) {
            return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
