package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.FileErrors;

/** A {@link Watchdog} at work in a thread of its own, until this is closed. */
final class WatchedRun implements AutoCloseable {
    private static final double SECONDS_PER_MINUTE = 60;
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double LOOKS_PER_LIMIT = 20;
    private static final long MOST_MILLIS = 5_000;
    private static final long LEAST_MILLIS = 50;
    private static final long ABORT_SECONDS = 10;
    private static final int EXIT_CODE = 3;

    private final Communicator world;
    private final Watchdog watchdog;
    private final long pauseMillis;
    private final Thread thread = new Thread(this::watch, "mlhpc-watchdog");
    private volatile boolean ended;

    private WatchedRun(Communicator world, Watchdog watchdog, double limitSeconds) {
        this.world = world;
        this.watchdog = watchdog;
        long millis = Math.round(limitSeconds * MILLIS_PER_SECOND / LOOKS_PER_LIMIT);
        this.pauseMillis = Math.min(MOST_MILLIS, Math.max(LEAST_MILLIS, millis));
        thread.setDaemon(true);
    }

    /**
     * Watches the calling thread, unless the plan says not to. Collective.
     *
     * @param nodes names of the nodes of all ranks
     */
    static WatchedRun start(RunPlan plan, Communicator world, RunClock clock, List<String> nodes) throws IOException {
        Path folder = plan.files().hang();
        if (world.rank() == 0) {
            HangFolder.clear(folder);
        }
        world.barrier();
        Thread watched = Thread.currentThread();
        double limit = plan.watchdogMinutes() * SECONDS_PER_MINUTE;
        var place = new Watchdog.Place(
                world.rank(), nodes, folder, EndCause.file(), world.getClass().getName());
        var watchdog = new Watchdog(
                place, clock::standing, watched::getStackTrace, clock::nanos, limit, System.err, () -> endJob(world));
        var run = new WatchedRun(world, watchdog, limit);
        if (limit > 0) {
            run.thread.start();
        }
        return run;
    }

    private void watch() {
        try {
            while (!ended) {
                Thread.sleep(pauseMillis);
                if (!ended) {
                    watchdog.look();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!ended) {
                say("does not get on, and cannot say so in a file: " + FileErrors.message(e));
                endJob(world);
            }
        } catch (RuntimeException e) {
            say("is not watched any more: its watchdog has failed");
            e.printStackTrace();
        }
    }

    private void say(String what) {
        System.err.println("mlhpc: rank " + world.rank() + " " + what);
    }

    /** The library may be in the very state that makes the job hang, so that it does not end it either. */
    private static void endJob(Communicator world) {
        var abort = new Thread(() -> world.abort(EXIT_CODE), "mlhpc-abort");
        abort.setDaemon(true);
        abort.start();
        try {
            abort.join(TimeUnit.SECONDS.toMillis(ABORT_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    /** What follows may take as long as it likes. */
    void end() {
        ended = true;
        thread.interrupt();
    }

    @Override
    public void close() {
        end();
    }
}
