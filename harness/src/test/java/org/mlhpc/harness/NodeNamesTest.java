package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.ThreadCommunicator;

class NodeNamesTest {
    @Test
    void everyRankHearsAllNamesWhateverTheirLengths() throws Exception {
        List<String> names = List.of("n1", "", "längster-name", "n1");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            var ranks = new ArrayList<Future<List<String>>>();
            for (Communicator world : ThreadCommunicator.ofSize(4)) {
                ranks.add(threads.submit(() -> NodeNames.gather(world, names.get(world.rank()))));
            }
            for (Future<List<String>> rank : ranks) {
                assertEquals(names, rank.get(20, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
