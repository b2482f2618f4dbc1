package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.mlhpc.api.Communicator;

/**
 * The file by which somebody asks a run to stop. Rank 0 looks for it at most once a second. The others learn of it from rank 0
 * in an exchange after a step whose number rank 0 gave them in the exchange before, about a second ahead: so there is no
 * collective in each step, and none at a moment that only some ranks think right.
 */
final class StopRequest {
    private static final double INTERVAL_NANOS = 1e9;
    /** What rank 0 says in the exchange to stop; else it says after how many steps the next one is. */
    private static final int STOP = 0;

    private final Path file;
    private final Communicator world;
    private final Console console;
    private final LongSupplier nanoTime;
    private long lookedNanos;
    private long exchangedNanos;
    private boolean found;
    private long interval = 1;
    private long stepsSince;

    StopRequest(Path file, Communicator world, Console console, LongSupplier nanoTime) {
        this.file = file;
        this.world = world;
        this.console = console;
        this.nanoTime = nanoTime;
        this.exchangedNanos = nanoTime.getAsLong();
        this.lookedNanos = exchangedNanos - (long) INTERVAL_NANOS;
    }

    /** Takes away a request that was not for this start of the run. */
    void clear() throws IOException {
        if (world.rank() == 0 && Files.deleteIfExists(file)) {
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
            found = Files.exists(file);
        }
        double stepsPerInterval = stepsSince * INTERVAL_NANOS / (now - exchangedNanos);
        exchangedNanos = now;
        // What was measured of few steps says little about many.
        return found ? STOP : Math.max(1, Math.min(2.0 * stepsSince, Math.floor(stepsPerInterval)));
    }

    /** Ends the run once its state is saved. Collective. */
    RunStopped stop(Checkpoint.Position where) throws IOException {
        String message = "stopped as asked after " + where + "; go on with --resume";
        if (world.rank() == 0) {
            Files.deleteIfExists(file);
            console.say("%s", message);
        }
        // The first rank to end may end the job.
        world.barrier();
        return new RunStopped(message);
    }
}
