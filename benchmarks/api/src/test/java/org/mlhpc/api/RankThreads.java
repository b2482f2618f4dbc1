package org.mlhpc.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** For tests of any workload: the ranks of a job as threads. */
public final class RankThreads {
    private static final long LIMIT_SECONDS = 120;

    private RankThreads() {}

    /** What a rank does. */
    @FunctionalInterface
    public interface Body<T> {
        /** @return its result */
        T run(Communicator world) throws Exception;
    }

    /** As {@link #run(List, Body)}, on so many ranks of one node. */
    public static <T> List<T> run(int ranks, Body<T> body) throws Exception {
        return run(ThreadCommunicator.ofSize(ranks), body);
    }

    /** Results by rank; throws what the first failing rank threw in an ExecutionException, though others wait for it. */
    public static <T> List<T> run(List<? extends Communicator> worlds, Body<T> body) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(worlds.size());
        try {
            var completion = new ExecutorCompletionService<T>(threads);
            var ranks = new ArrayList<Future<T>>();
            for (Communicator world : worlds) {
                ranks.add(completion.submit(() -> body.run(world)));
            }
            for (int ended = 0; ended < ranks.size(); ended++) {
                Future<T> rank = completion.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                if (rank == null) {
                    throw new TimeoutException("ranks still run after " + LIMIT_SECONDS + " s");
                }
                rank.get();
            }
            var results = new ArrayList<T>();
            for (Future<T> rank : ranks) {
                results.add(rank.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
