package org.mlhpc.roofline.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.roofline.Scratch;

/** Ranks that cannot all have the library; RooflineMeasureIT is of those that can. */
class NativeMessagesTest {
    /** What each of three ranks says, none of which may wait for ever. */
    private static List<String> refusals(String compiler, int rankWithoutFolder)
            throws InterruptedException, ExecutionException, TimeoutException {
        var threads = Executors.newFixedThreadPool(3);
        try {
            var pending = new ArrayList<Future<String>>();
            for (Communicator world : ThreadCommunicator.ofSize(3)) {
                pending.add(threads.submit(() -> {
                    try (NativeMessages messages = NativeMessages.prepare(world, compiler, 64, prefix -> {
                        if (world.rank() == rankWithoutFolder) {
                            throw new IOException("no space left");
                        }
                        return Scratch.create(prefix);
                    })) {
                        return "prepared " + messages.repeat(RankTraffic.Operation.BROADCAST, 64, 1);
                    } catch (IOException e) {
                        return String.valueOf(e.getMessage());
                    }
                }));
            }
            var said = new ArrayList<String>();
            for (Future<String> each : pending) {
                said.add(each.get(60, TimeUnit.SECONDS));
            }
            return said;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_rank_without_a_folder_takes_the_others_with_it()
            throws InterruptedException, ExecutionException, TimeoutException {
        for (int rank : new int[] {0, 2}) {
            List<String> said = refusals("mpicc", rank);
            assertEquals("no space left", said.get(rank));
            assertTrue(said.stream().noneMatch(words -> words.startsWith("prepared")), said::toString);
        }
    }

    @Test
    void without_a_compiler_the_first_rank_says_why()
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> said = refusals("no-such-mpicc", -1);
        assertEquals("no C compiler 'no-such-mpicc'", said.get(0));
        assertEquals("another rank could not compile, load or allocate", said.get(1));
    }
}
