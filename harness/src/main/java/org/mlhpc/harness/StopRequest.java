package org.mlhpc.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.mlhpc.api.Communicator;

/**
 * The file by which somebody asks a run to stop. Rank 0 looks for it at most once a second. The others learn of it from rank 0
 * in an exchange after a step whose number rank 0 gave them in the exchange before, about a second or at most
 * {@value #MOST_STEPS} steps ahead: so there is no collective in each step, and none at a moment that only some ranks think right.
 */
final class StopRequest {
    private static final double INTERVAL_NANOS = 1e9;
    /** What rank 0 says in the exchange to stop; else it says after how many steps the next one is. */
    private static final int STOP = 0;
    /** Steps may take longer than those before, and a job that has to end does not wait. */
    private static final long MOST_STEPS = 16;

    private final Path file;
    private final Optional<Path> cause;
    private final Communicator world;
    private final Console console;
    private final LongSupplier nanoTime;
    private long lookedNanos;
    private long exchangedNanos;
    private boolean found;
    private long interval = 1;
    private long stepsSince;

    /** @param cause file that says so once the run has stopped, if somebody wants to know; see {@link EndCause} */
    StopRequest(Path file, Optional<Path> cause, Communicator world, Console console, LongSupplier nanoTime) {
        this.file = file.toAbsolutePath();
        this.cause = cause;
        this.world = world;
        this.console = console;
        this.nanoTime = nanoTime;
        this.exchangedNanos = nanoTime.getAsLong();
        this.lookedNanos = exchangedNanos - (long) INTERVAL_NANOS;
    }

    /**
     * Takes away a request that was not for this start of the run: one from before it. Who wants to know the cause of the end clears
     * the request itself; one that is there was made while this process started.
     *
     * @param started when this process began
     */
    void clear(Instant started) throws IOException {
        if (world.rank() == 0
                && cause.isEmpty()
                && Files.exists(file)
                && Files.getLastModifiedTime(file).toInstant().isBefore(started)) {
            Files.deleteIfExists(file);
            console.say("removed %s, which asked an earlier start of this run to stop", file);
        }
    }

    /** Whether the ranks are to ask after the step that has just ended. To be called once after each. */
    boolean isDue() {
        stepsSince++;
        return stepsSince >= interval;
    }

    /** Whether the run is to stop; the same on all ranks. Collective. */
    boolean asked() {
        double said = world.max(world.rank() == 0 ? verdict() : Double.NEGATIVE_INFINITY);
        interval = Math.round(said);
        stepsSince = 0;
        return said == STOP;
    }

    private double verdict() {
        long now = nanoTime.getAsLong();
        if (now - lookedNanos >= INTERVAL_NANOS) {
            lookedNanos = now;
            found = isThere();
        }
        double stepsPerInterval = stepsSince * INTERVAL_NANOS / (now - exchangedNanos);
        exchangedNanos = now;
        // What was measured of few steps says little about many.
        double most = Math.min(MOST_STEPS, 2.0 * stepsSince);
        return found ? STOP : Math.max(1, Math.min(most, Math.floor(stepsPerInterval)));
    }

    /** Network file systems may remember for long that a name was not there, but hardly what a folder lists. */
    private boolean isThere() {
        try (Stream<Path> entries = Files.list(Objects.requireNonNull(file.getParent()))) {
            return entries.anyMatch(file::equals);
        } catch (IOException | UncheckedIOException e) {
            return Files.exists(file);
        }
    }

    /**
     * Ends the run once its state is complete, and says so where it matters.
     *
     * @return to be thrown on all ranks
     */
    RunStopped stop(Checkpoint.Position where) throws IOException {
        String message = "stopped as asked after " + where + "; go on with --resume";
        if (world.rank() == 0) {
            if (cause.isPresent()) {
                EndCause.write(cause.get(), "stopped", where.toString());
            }
            Files.deleteIfExists(file);
            console.say("%s", message);
        }
        return new RunStopped(message);
    }
}
