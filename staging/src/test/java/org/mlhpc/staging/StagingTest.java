package org.mlhpc.staging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;
import org.mlhpc.staging.plan.Strategy;

class StagingTest {
    /** Small requests, so that small files have several of them. */
    private static final int CHUNK_BYTES = 8192;

    private static final int MOST_BYTES = 50_000;

    @TempDir
    private Path directory;

    private Path source() {
        return directory.resolve("source");
    }

    private Path destination() {
        return directory.resolve("destination");
    }

    private static StagingRequest request(String strategy, Path destination) {
        return StagingRequest.of(Optional.of(strategy), Optional.of(destination))
                .forRun(10, true, 1)
                .with(new IoOptions(3, CHUNK_BYTES, true, false, false), SourceLimit.none());
    }

    private Staged stage(StagingRequest request, Communicator world) throws IOException {
        var staging = new Staging(source(), request, world);
        return staging.stage(staging.plan(), Progress.none());
    }

    private Staged copy() throws IOException {
        return stage(request("copy", destination()), new LocalCommunicator());
    }

    private Path node(int node) {
        return directory.resolve("node" + node);
    }

    private List<Staged> onNodes(String strategy, int... ranksOfNodes) throws Exception {
        StagingRequest request = request(strategy, directory.resolve("node{node}"));
        return DataSets.onRanks(ThreadCommunicator.ofNodes(ranksOfNodes), world -> stage(request, world));
    }

    private void assertSame(Path folder) throws IOException {
        assertEquals(DataSets.names(source()), DataSets.names(folder));
        for (String name : DataSets.names(source())) {
            assertArrayEquals(
                    Files.readAllBytes(source().resolve(name)), Files.readAllBytes(folder.resolve(name)), name);
        }
        assertEquals(List.of(), Manifest.read(folder).verify(folder, Progress.none()));
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        for (String name : DataSets.names(folder)) {
            bytes += Files.size(folder.resolve(name));
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCopyIsByteIdenticalAndHasAManifest(boolean manifest) throws IOException {
        DataSets.write(source(), 20, 5, MOST_BYTES, manifest);
        Files.createDirectories(source().resolve("empty/folder"));

        Staged staged = copy();

        assertSame(destination());
        assertTrue(Files.isDirectory(destination().resolve("empty/folder")));
        assertEquals(bytes(source()), staged.bytes());
        if (manifest) {
            Path name = Path.of(Manifest.FILE_NAME);
            assertEquals(
                    -1, Files.mismatch(source().resolve(name), destination().resolve(name)));
        }
    }

    @Test
    void filesLargerThanASegmentAreCopiedByManyAndCheckedAsOne() throws IOException {
        Files.createDirectories(source());
        byte[] content = new byte[(150 << 20) + 4321];
        new java.util.Random(2).nextBytes(content);
        Files.write(source().resolve("large"), content);
        DataSets.writeManifest(source());

        var request = request("copy", destination()).with(IoOptions.defaults(), SourceLimit.none());
        stage(request, new LocalCommunicator());

        assertEquals(-1, Files.mismatch(source().resolve("large"), destination().resolve("large")));
    }

    @ParameterizedTest
    @CsvSource({"copy, 3", "copy, 2 2", "forward, 1 1", "forward, 1 1 1 1", "forward, 2 3 1", "forward, 3"})
    void everyNodeGetsEverything(String strategy, String nodes) throws Exception {
        DataSets.write(source(), 23, 7, MOST_BYTES, true);
        int[] ranks = java.util.stream.Stream.of(nodes.split(" ", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        if (strategy.equals("forward") && ranks.length == 1) {
            var e = assertThrows(ExecutionException.class, () -> onNodes(strategy, ranks));
            assertTrue(String.valueOf(e.getMessage()).contains("no other node"), e.getMessage());
            return;
        }

        List<Staged> staged = onNodes(strategy, ranks);

        for (int node = 0; node < ranks.length; node++) {
            assertSame(node(node));
        }
        long shared =
                staged.stream().mapToLong(rank -> rank.moved().sharedBytes()).sum();
        long peers = staged.stream().mapToLong(rank -> rank.moved().peerBytes()).sum();
        boolean once = strategy.equals("forward");
        assertEquals(bytes(source()) * (once ? 1 : ranks.length), shared, "bytes read from the source");
        assertEquals(once ? bytes(source()) * (ranks.length - 1) : 0, peers, "bytes from other nodes");
    }

    @Test
    void forwardingBringsEachNodeOnlyWhatItLacks() throws Exception {
        DataSets.write(source(), 12, 3, MOST_BYTES, true);
        onNodes("forward", 1, 1);
        Files.delete(node(1).resolve("train/t003"));

        List<Staged> staged = onNodes("forward", 1, 1);

        long size = Files.size(source().resolve("train/t003"));
        assertEquals(
                size,
                staged.stream().mapToLong(rank -> rank.moved().sharedBytes()).sum());
        assertEquals(1, staged.stream().mapToLong(rank -> rank.moved().files()).sum());
        assertSame(node(1));
    }

    @Test
    void aPartToEachNodeLeavesNothingOutAndDoublesNothing() throws Exception {
        DataSets.write(source(), 22, 7, MOST_BYTES, true);

        onNodes("shard", 2, 1);

        var all = new ArrayList<String>();
        for (int node = 0; node < 2; node++) {
            List<String> names = DataSets.names(node(node));
            assertTrue(names.contains("stats"), "files at the top go to every node");
            names.stream().filter(name -> name.contains("/")).forEach(all::add);
            assertEquals(List.of(), Manifest.read(node(node)).verify(node(node), Progress.none()));
        }
        assertEquals(
                DataSets.names(source()).stream()
                        .filter(name -> name.contains("/"))
                        .toList(),
                all.stream().sorted().toList());
        // Ranks 0 and 1 of 3 are on node 0.
        assertEquals(
                15,
                DataSets.names(node(0)).stream()
                        .filter(name -> name.startsWith("train/"))
                        .count());
    }

    @Test
    void memoryIsFilledAndSaidToBe() throws IOException {
        DataSets.write(source(), 3, 1, MOST_BYTES, true);
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "mlhpc-test");
        try {
            Staged staged = stage(request("memory", memory), new LocalCommunicator());

            assertTrue(staged.inMemory());
            assertSame(memory);
        } finally {
            try (var tree = Files.walk(memory)) {
                for (Path path :
                        tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void onlyWhatIsMissingIsCopied() throws IOException {
        DataSets.write(source(), 5, 2, MOST_BYTES, true);
        copy();
        Files.delete(destination().resolve("train/t002"));

        Staged again = copy();

        assertEquals(Files.size(source().resolve("train/t002")), again.bytes());
        assertEquals(bytes(source()) - again.bytes(), again.keptBytes());
        assertSame(destination());
    }

    @Test
    void aChangedSourceFileIsCopiedAgain() throws IOException {
        DataSets.write(source(), 5, 2, MOST_BYTES, false);
        copy();
        Files.writeString(source().resolve("train/t001"), "new");
        Files.setLastModifiedTime(
                source().resolve("train/t001"), FileTime.from(Instant.now().plusSeconds(5)));

        assertEquals(3, copy().bytes());
        assertEquals(0, copy().bytes());
        assertSame(destination());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsThereWithoutAJournalIsComparedRatherThanCopied(boolean manifest) throws IOException {
        DataSets.write(source(), 5, 2, MOST_BYTES, manifest);
        Files.createDirectories(destination().resolve("train"));
        Files.copy(source().resolve("train/t000"), destination().resolve("train/t000"));
        long size = Files.size(source().resolve("train/t000"));

        Staged staged = copy();

        assertEquals(bytes(source()) - size, staged.bytes());
        assertEquals(size, staged.keptBytes());
        assertEquals(0, copy().bytes());
        assertSame(destination());
    }

    @Test
    void whatStandsInTheWayAndIsNotOfAStagingIsRefusedAndLeftAlone() throws IOException {
        DataSets.write(source(), 5, 2, MOST_BYTES, true);
        Files.createDirectories(destination().resolve("train"));
        byte[] other = Files.readAllBytes(source().resolve("train/t001"));
        other[0] ^= 1;
        Files.write(destination().resolve("train/t001"), other);

        var e = assertThrows(IOException.class, this::copy);

        assertTrue(
                String.valueOf(e.getMessage()).contains(destination().resolve("train/t001") + " stood there before"),
                e.getMessage());
        assertEquals(List.of("train/t001"), DataSets.names(destination()));
        assertArrayEquals(other, Files.readAllBytes(destination().resolve("train/t001")));
    }

    /** A process that is killed between the two leaves the file, but no line. */
    @ParameterizedTest
    @ValueSource(strings = {"NO", "YES"})
    void aFileThatGotItsNameButNoLineIsNotForeign(Unpacking unpack) throws IOException {
        Files.createDirectories(source());
        Files.write(source().resolve("a"), DataSets.gzip(new byte[1000]));
        StagingRequest request = request("copy", destination()).with(unpack, false);
        stage(request, new LocalCommunicator());
        Files.delete(destination().resolve(".mlhpc-staging/journal-0"));
        Files.write(source().resolve("a"), DataSets.gzip(new byte[2000]));

        stage(request, new LocalCommunicator());

        byte[] expected = unpack == Unpacking.YES ? new byte[2000] : Files.readAllBytes(source().resolve("a"));
        assertArrayEquals(expected, Files.readAllBytes(destination().resolve("a")));
    }

    @Test
    void unpackingPaysIfEachEpochWouldHaveToAndNotForASingleOne() throws IOException {
        byte[] plain = new byte[200_000];
        new java.util.Random(5).nextBytes(plain);
        java.util.Arrays.fill(plain, 100_000, 200_000, (byte) 0);
        Files.createDirectories(source());
        Files.write(source().resolve("packed"), DataSets.gzip(plain));
        DataSets.writeManifest(source());

        for (int epochs : new int[] {1, 10_000}) {
            Path folder = directory.resolve("epochs" + epochs);
            StagingRequest request =
                    request("copy", folder).forRun(epochs, true, 1).with(Unpacking.AUTO, false);
            stage(request, new LocalCommunicator());

            byte[] expected = epochs == 1 ? Files.readAllBytes(source().resolve("packed")) : plain;
            assertArrayEquals(expected, Files.readAllBytes(folder.resolve("packed")), epochs + " epochs");
            assertEquals(List.of(), Manifest.read(folder).verify(folder, Progress.none()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "forward"})
    void aDamagedSourceIsNamedAndNotPublished(String strategy) throws Exception {
        DataSets.write(source(), 8, 2, MOST_BYTES, true);
        Path damaged = source().resolve("train/t004");
        byte[] content = Files.readAllBytes(damaged);
        content[content.length / 2] ^= 4;
        Files.write(damaged, content);

        StagingRequest request = request(strategy, directory.resolve("node{node}"));
        List<Future<Staged>> ranks = DataSets.futures(ThreadCommunicator.ofNodes(1, 1), world -> stage(request, world));

        for (int node = 0; node < 2; node++) {
            var e = assertThrows(ExecutionException.class, ranks.get(node)::get);
            assertTrue(e.getCause() instanceof IOException, e.toString());
            assertTrue(String.valueOf(e.getMessage()).contains(damaged.toString()), e.getMessage());
            assertFalse(Files.exists(node(node).resolve("train/t004")));
            assertFalse(Files.exists(node(node).resolve(Manifest.FILE_NAME)), "an incomplete copy has no manifest");
            try (var partials = Files.list(node(node).resolve(".mlhpc-staging/partial"))) {
                assertEquals(List.of(), partials.toList());
            }
        }
    }

    @Test
    void whatWasFinishedBeforeAFailureIsNotCopiedAgain() throws IOException {
        DataSets.write(source(), 8, 2, MOST_BYTES, true);
        Path damaged = source().resolve("train/t004");
        byte[] content = Files.readAllBytes(damaged);
        Files.write(damaged, new byte[content.length]);
        var request = request("copy", destination()).with(IoOptions.defaults().withWorkers(1), SourceLimit.none());
        assertThrows(IOException.class, () -> stage(request, new LocalCommunicator()));
        long finished = bytes(destination());
        assertTrue(finished > 0);

        Files.write(damaged, content);
        Staged resumed = copy();

        assertEquals(finished, resumed.keptBytes());
        assertEquals(bytes(source()) - finished, resumed.bytes());
        assertSame(destination());
    }

    @Test
    void aMissingFileOfTheManifestIsNamedBeforeAnythingIsCopied() throws IOException {
        DataSets.write(source(), 5, 2, MOST_BYTES, true);
        Files.delete(source().resolve("train/t003"));

        var e = assertThrows(IOException.class, this::copy);

        assertTrue(
                String.valueOf(e.getMessage())
                        .contains(source().resolve("train/t003").toString()),
                e.getMessage());
        assertFalse(Files.exists(destination()));
    }

    @Test
    void aThousandFlippedBitsAreAllFoundAndRepaired() throws IOException {
        DataSets.write(source(), 900, 99, 3000, true);
        for (String name : DataSets.names(source())) {
            if (Files.size(source().resolve(name)) == 0) {
                Files.write(source().resolve(name), new byte[] {1});
            }
        }
        DataSets.writeManifest(source());
        copy();
        List<String> names = DataSets.names(destination());
        assertEquals(1000, names.size());
        var random = new java.util.Random(3);
        for (String name : names) {
            Path file = destination().resolve(name);
            byte[] content = Files.readAllBytes(file);
            int bit = random.nextInt(8 * content.length);
            content[bit / 8] ^= (byte) (1 << bit % 8);
            FileTime modified = Files.getLastModifiedTime(file);
            Files.write(file, content);
            Files.setLastModifiedTime(file, modified);
        }

        Staged verified = stage(request("copy", destination()).with(Unpacking.NO, true), new LocalCommunicator());

        assertEquals(names, verified.damaged());
        assertSame(destination());
    }

    @Test
    void packedFilesAreDecompressedOnTheWay() throws Exception {
        byte[] plain = new byte[3 * CHUNK_BYTES + 17];
        new java.util.Random(4).nextBytes(plain);
        Files.createDirectories(source().resolve("train"));
        Files.write(source().resolve("train/packed"), DataSets.gzip(plain));
        Files.writeString(source().resolve("train/plain"), "plain");
        DataSets.writeManifest(source());

        for (String strategy : List.of("copy", "forward")) {
            StagingRequest request =
                    request(strategy, directory.resolve(strategy + "{node}")).with(Unpacking.YES, false);
            DataSets.onRanks(ThreadCommunicator.ofNodes(1, 1), world -> stage(request, world));
            for (int node = 0; node < 2; node++) {
                Path folder = directory.resolve(strategy + node);
                assertArrayEquals(plain, Files.readAllBytes(folder.resolve("train/packed")));
                assertEquals("plain", Files.readString(folder.resolve("train/plain")));
                assertEquals(List.of(), Manifest.read(folder).verify(folder, Progress.none()));
            }
        }
    }

    @Test
    void aDamagedPackedFileIsNamed() throws IOException {
        Files.createDirectories(source());
        byte[] packed = DataSets.gzip(new byte[10_000]);
        packed[packed.length - 6] ^= 1;
        Files.write(source().resolve("packed"), packed);

        StagingRequest request = request("copy", destination()).with(Unpacking.YES, false);
        var e = assertThrows(IOException.class, () -> stage(request, new LocalCommunicator()));

        assertTrue(
                String.valueOf(e.getMessage())
                        .contains(source().resolve("packed").toString()),
                e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("GZIP"), e.getMessage());
    }

    @Test
    void foreignFilesAreNamedAndLeftAlone() throws IOException {
        DataSets.write(source(), 2, 1, MOST_BYTES, true);
        Files.createDirectories(destination().resolve("train"));
        Files.writeString(destination().resolve("train/mine"), "mine");

        assertEquals(List.of("train/mine"), copy().foreign());
        assertEquals("mine", Files.readString(destination().resolve("train/mine")));
    }

    @Test
    void oneStagingPerDestination() throws Exception {
        DataSets.write(source(), 2, 1, MOST_BYTES, true);
        StagingRequest request = request("copy", destination());

        List<Future<Staged>> ranks = DataSets.futures(ThreadCommunicator.ofNodes(1, 1), world -> stage(request, world));

        var messages = new ArrayList<String>();
        for (Future<Staged> rank : ranks) {
            messages.add(String.valueOf(
                    assertThrows(ExecutionException.class, rank::get).getMessage()));
        }
        assertTrue(messages.stream().anyMatch(message -> message.contains("{node}")), messages.toString());
        copy();
        assertSame(destination());
    }

    @Test
    void linksAreFollowed() throws IOException {
        DataSets.write(directory.resolve("elsewhere"), 2, 1, MOST_BYTES, false);
        Files.createDirectories(source());
        Files.createSymbolicLink(source().resolve("train"), directory.resolve("elsewhere/train"));
        Files.createSymbolicLink(source().resolve("stats"), directory.resolve("elsewhere/stats"));

        copy();

        assertTrue(Files.isRegularFile(destination().resolve("stats"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
        assertEquals(
                -1,
                Files.mismatch(
                        directory.resolve("elsewhere/train/t001"), destination().resolve("train/t001")));
    }

    @Test
    void nestedFoldersAreRefusedAlsoThroughLinks() throws IOException {
        DataSets.write(source(), 1, 1, MOST_BYTES, true);
        Path link = Files.createSymbolicLink(directory.resolve("link"), source());

        for (Path inside : List.of(source().resolve("inside"), link.resolve("inside"), directory)) {
            var e = assertThrows(
                    IllegalArgumentException.class, () -> stage(request("copy", inside), new LocalCommunicator()));
            assertTrue(String.valueOf(e.getMessage()).contains("one contains the other"), e.getMessage());
        }
        assertFalse(Files.exists(source().resolve("inside")));
    }

    @Test
    void aMissingSourceIsNamed() {
        for (StagingRequest request : List.of(request("copy", destination()), StagingRequest.inPlace())) {
            var e = assertThrows(IOException.class, () -> stage(request, new LocalCommunicator()));
            assertTrue(String.valueOf(e.getMessage()).contains(source().toString()), e.getMessage());
        }
    }

    @Test
    void inPlaceNothingIsTouched() throws IOException {
        DataSets.write(source(), 1, 1, MOST_BYTES, true);

        Staged staged = stage(StagingRequest.inPlace(), new LocalCommunicator());

        assertEquals(source(), staged.directory());
        assertEquals(0, staged.bytes());
        assertEquals(Strategy.IN_PLACE, staged.plan().strategy());
    }

    @Test
    void theSummaryNamesTheSlowestFileOfAllRanks() throws Exception {
        DataSets.write(source(), 12, 3, MOST_BYTES, true);
        StagingRequest request = request("copy", directory.resolve("node{node}"));

        List<StagingSummary> summaries = DataSets.onRanks(
                ThreadCommunicator.ofNodes(2, 1), world -> StagingSummary.of(world, stage(request, world)));

        StagingSummary summary = summaries.get(0);
        assertEquals(summary.slowestFile(), summaries.get(2).slowestFile());
        assertTrue(DataSets.names(source()).contains(summary.slowestFile()), summary.slowestFile());
        assertEquals(
                List.of(0, 0, 1),
                summary.ranks().stream().map(StagingSummary.Row::node).toList());
        assertEquals(2 * bytes(source()), summary.sharedBytes());
        assertEquals(
                2L * DataSets.names(source()).size(),
                summary.ranks().stream().mapToLong(StagingSummary.Row::files).sum());
    }
}
