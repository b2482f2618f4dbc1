package org.mlhpc.staging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;

/** What goes wrong on one node while files are forwarded: all nodes have to end, and none may keep what is wrong. */
class ForwardFaultsTest {
    private static final int MOST_BYTES = 50_000;
    private static final int CHUNK_BYTES = 8192;

    @TempDir
    private Path directory;

    private Path source() {
        return directory.resolve("source");
    }

    private Path node(int node) {
        return directory.resolve("node" + node);
    }

    private StagingRequest request() {
        return StagingRequest.of(Optional.of("forward"), Optional.of(directory.resolve("node{node}")))
                .with(new IoOptions(3, CHUNK_BYTES, true, false, false), SourceLimit.none());
    }

    private List<Future<Staged>> stage(StagingRequest request, List<? extends Communicator> worlds) throws Exception {
        return DataSets.futures(worlds, world -> {
            var staging = new Staging(source(), request, world);
            return staging.stage(staging.plan(), Progress.none());
        });
    }

    private static List<Communicator> noisy(int times) {
        var network = new NoisyNetwork(times);
        return ThreadCommunicator.ofNodes(1, 1, 1).stream().map(network::around).toList();
    }

    private void assertSame() throws IOException {
        for (int node = 0; node < 3; node++) {
            for (String name : DataSets.names(source())) {
                assertArrayEquals(
                        Files.readAllBytes(source().resolve(name)),
                        Files.readAllBytes(node(node).resolve(name)),
                        name);
            }
        }
    }

    /** Without a manifest the checksum that each chunk carries has to find it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatChangesOnTheWayIsSentAgain(boolean manifest) throws Exception {
        DataSets.write(source(), 12, 3, MOST_BYTES, manifest);

        long shared = 0;
        for (Future<Staged> rank : stage(request(), noisy(3))) {
            shared += rank.get().moved().sharedBytes();
        }

        assertSame();
        long bytes = 0;
        for (String name : DataSets.names(source())) {
            bytes += Files.size(source().resolve(name));
        }
        assertTrue(shared > bytes, "nothing was read again");
    }

    @Test
    void aNetworkThatKeepsChangingThingsEndsAllNodes() throws Exception {
        DataSets.write(source(), 12, 3, MOST_BYTES, true);

        for (Future<Staged> rank : stage(request(), noisy(1_000_000))) {
            var e = assertThrows(ExecutionException.class, rank::get);
            assertTrue(String.valueOf(e.getMessage()).contains("the network is failing"), e.getMessage());
        }

        for (int node = 0; node < 3; node++) {
            assertFalse(Files.exists(node(node).resolve(Manifest.FILE_NAME)));
            for (String name : DataSets.names(node(node))) {
                assertEquals(
                        -1, Files.mismatch(source().resolve(name), node(node).resolve(name)), name);
            }
        }
        assertEquals(3, stage(request(), ThreadCommunicator.ofNodes(1, 1, 1)).size());
        assertSame();
    }

    @Test
    void somethingInTheWayOnOneNodeEndsAll() throws Exception {
        DataSets.write(source(), 12, 3, MOST_BYTES, true);
        Files.createDirectories(node(1).resolve("train/t003"));

        List<Future<Staged>> ranks = stage(request(), ThreadCommunicator.ofNodes(1, 1, 1));

        for (Future<Staged> rank : ranks) {
            assertThrows(ExecutionException.class, rank::get);
        }
        var e = assertThrows(ExecutionException.class, ranks.get(1)::get);
        assertTrue(String.valueOf(e.getMessage()).contains("train/t003 stood there before"), e.getMessage());
        assertEquals(List.of(), DataSets.names(node(0)));
    }

    @Test
    void aPackedFileThatIsDamagedAtItsSourceIsNamedThere() throws Exception {
        Files.createDirectories(source());
        byte[] packed = DataSets.gzip(new byte[100_000]);
        packed[packed.length - 6] ^= 1;
        Files.write(source().resolve("packed"), packed);

        List<Future<Staged>> ranks = stage(request().with(Unpacking.YES, false), ThreadCommunicator.ofNodes(1, 1, 1));

        // Whoever finds it first says so; the others may learn that it has failed before they come to it.
        var messages = new ArrayList<String>();
        for (Future<Staged> rank : ranks) {
            messages.add(String.valueOf(
                    assertThrows(ExecutionException.class, rank::get).getMessage()));
        }
        String named = source().resolve("packed").toString();
        assertTrue(messages.stream().anyMatch(message -> message.contains(named)), messages.toString());
    }

    @Test
    void aPackedFileThatChangesOnTheWayIsSentAgain() throws Exception {
        Files.createDirectories(source());
        byte[] plain = new byte[3 * CHUNK_BYTES];
        new java.util.Random(4).nextBytes(plain);
        Files.write(source().resolve("packed"), DataSets.gzip(plain));

        for (Future<Staged> rank : stage(request().with(Unpacking.YES, false), noisy(1))) {
            rank.get();
        }

        for (int node = 0; node < 3; node++) {
            assertArrayEquals(plain, Files.readAllBytes(node(node).resolve("packed")));
        }
    }
}
