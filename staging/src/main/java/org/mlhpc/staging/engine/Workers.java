package org.mlhpc.staging.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Threads that do the same work until it is done or one of them fails. */
final class Workers {
    private Workers() {}

    /** Tells a worker whether another one has failed. */
    @FunctionalInterface
    interface Stop {
        boolean requested();
    }

    /** What each worker does. */
    @FunctionalInterface
    interface Work {
        void run(Stop stop) throws IOException;
    }

    /** @throws IOException the first failure, after all have stopped */
    static void run(String name, int number, Work work) throws IOException {
        var failures = new ConcurrentLinkedQueue<Throwable>();
        Stop stop = () -> !failures.isEmpty();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < number; i++) {
            var thread = new Thread(
                    () -> {
                        try {
                            work.run(stop);
                        } catch (IOException | RuntimeException | Error e) {
                            failures.add(e);
                        }
                    },
                    name + "-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            join(thread);
        }
        throwFailure(Optional.ofNullable(failures.peek()));
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while staging", e);
        }
    }

    private static void throwFailure(Optional<Throwable> failure) throws IOException {
        if (failure.isPresent()) {
            if (failure.get() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("a staging thread failed: " + failure.get(), failure.get());
        }
    }
}
