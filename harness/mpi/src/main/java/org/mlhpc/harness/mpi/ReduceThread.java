package org.mlhpc.harness.mpi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.mlhpc.api.Communicator.Pending;

/** One thread that runs blocking collectives in the order they were submitted; it starts with the first of them. */
final class ReduceThread {
    private final ThreadPoolExecutor thread;

    ReduceThread(String name) {
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), body -> {
            var named = new Thread(body, name);
            named.setDaemon(true);
            return named;
        });
    }

    /** The returned collective rethrows what {@code collective} threw. */
    Pending submit(Runnable collective) {
        var done = CompletableFuture.runAsync(collective, thread);
        return () -> await(done);
    }

    void stop() {
        thread.shutdown();
    }

    private static void await(CompletableFuture<Void> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw new IllegalStateException(cause == null ? e.getMessage() : cause.getMessage(), e);
        }
    }
}
