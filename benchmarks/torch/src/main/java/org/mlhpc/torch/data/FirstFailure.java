package org.mlhpc.torch.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks side by side and throws what the first failing one threw, without waiting for the others to end. */
public final class FirstFailure {
    private FirstFailure() {}

    /** Returns when all have ended; on a failure the others are cancelled. */
    public static void runAll(ExecutorService threads, Collection<? extends Callable<Void>> tasks) throws IOException {
        var completion = new ExecutorCompletionService<Void>(threads);
        var futures = tasks.stream().map(completion::submit).toList();
        try {
            for (int i = 0; i < futures.size(); i++) {
                completion.take().get();
            }
        } catch (ExecutionException e) {
            throw cause(e);
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    /** What one task returns; throws what it threw. */
    public static <T> T result(Future<T> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw cause(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while making samples");
    }

    /** Interrupts the threads and waits for their end: what they write to is about to be deleted, or closed. */
    public static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static IOException cause(ExecutionException e) {
        if (e.getCause() instanceof IOException failure) {
            return failure;
        } else if (e.getCause() instanceof RuntimeException failure) {
            throw failure;
        } else if (e.getCause() instanceof Error failure) {
            throw failure;
        }
        return new IOException("making samples failed: " + e.getCause(), e.getCause());
    }
}
