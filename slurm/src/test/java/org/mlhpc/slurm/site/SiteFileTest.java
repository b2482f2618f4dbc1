package org.mlhpc.slurm.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.slurm.site.Site.Launcher;

class SiteFileTest {
    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("site.properties"), content);
    }

    private Site read(String content) throws IOException {
        return SiteFile.read(file(content), Optional.empty());
    }

    @Test
    void readsWhatAClusterAsksFor() throws IOException {
        Site site = read(
                """
                # our cluster
                partition = gpu
                gpus-per-node = a100:4
                sockets-per-node = 2
                cores-per-node = 48
                threads-per-core = 2
                memory-per-node = 512G
                node-local = /nvme/$SLURM_JOB_ID
                burst-buffer = #BB create_persistent name=a; #DW jobdw capacity=1TB
                sbatch = --comment=x --mem=0
                modules = openmpi/4.1 java/17
                environment = OMP_NUM_THREADS=8; NOTE=two words
                launcher = srun
                mpi = pmix
                time-limit = 1-00:00:00
                signal-seconds = 300
                spare-nodes = 2
                fabric = infiniband
                """);

        assertEquals(
                new Site(
                        List.of("--partition=gpu", "--gpus-per-node=a100:4", "--comment=x", "--mem=0"),
                        List.of("#BB create_persistent name=a", "#DW jobdw capacity=1TB"),
                        new Node(
                                OptionalInt.of(4),
                                OptionalInt.of(2),
                                OptionalInt.of(48),
                                2,
                                OptionalLong.of(512L << 30)),
                        Optional.of("/nvme/$SLURM_JOB_ID"),
                        List.of("openmpi/4.1", "java/17"),
                        List.of("OMP_NUM_THREADS=8", "NOTE=two words"),
                        new Launcher(Optional.of("srun"), Optional.of("pmix")),
                        Optional.of(SlurmTime.parse("time", "24:00:00")),
                        300,
                        2,
                        Optional.of("infiniband")),
                site);
    }

    @Test
    void anEmptyFileAsksForNothing() throws IOException {
        assertEquals(Site.plain(), read(""));
    }

    @ParameterizedTest
    @CsvSource({"4096, 4294967296", "1k, 1024", "2T, 2199023255552"})
    void memoryIsInSlurmsUnits(String text, long bytes) throws IOException {
        assertEquals(
                OptionalLong.of(bytes), read("memory-per-node = " + text).node().memoryBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "gpus-per-node = 4, sockets-per-node = 2, 4",
        "sockets-per-node = 2, cores-per-node = 96, 2",
        "cores-per-node = 96, threads-per-core = 2, 1"
    })
    void aRankForEachGpuOrSocket(String first, String second, int ranks) throws IOException {
        assertEquals(ranks, read(first + "\n" + second).node().defaultRanks());
    }

    @Test
    void coresAreSharedOut() throws IOException {
        Node node = read("cores-per-node = 48\nthreads-per-core = 2").node();
        assertEquals(OptionalInt.of(12), node.coresPerRank(4));
        assertEquals(OptionalInt.of(24), node.processors(4));
        assertEquals(OptionalInt.of(1), node.coresPerRank(100));
        assertEquals(OptionalInt.empty(), Node.unknown().processors(4));
    }

    private static final String TYPES =
            "partition = all\naccount = p\nthin.partition = thin\nfat.partition = fat\nfat.account =\n";

    @Test
    void whatIsSaidOfATypeGoesBeforeWhatIsSaidOfAll() throws IOException {
        Path file = file(TYPES);
        assertEquals(
                List.of("--partition=thin", "--account=p"),
                SiteFile.read(file, Optional.of("thin")).options());
        assertEquals(
                List.of("--partition=fat"),
                SiteFile.read(file, Optional.of("fat")).options());
        assertEquals(List.of("--partition=fat"), read(TYPES + "node-type = fat").options());
    }

    @Test
    void aMissingOrUnknownTypeIsAnsweredWithTheChoice() throws IOException {
        var missing = assertThrows(IllegalArgumentException.class, () -> read(TYPES));
        assertTrue(
                missing.getMessage().contains("--node-type is missing: choose one of fat, thin"), missing.getMessage());
        Path file = file(TYPES);
        var unknown = assertThrows(IllegalArgumentException.class, () -> SiteFile.read(file, Optional.of("big")));
        assertTrue(unknown.getMessage().contains("no node type 'big': choose one of fat, thin"), unknown.getMessage());
        Path plain = file("partition = a");
        var none = assertThrows(IllegalArgumentException.class, () -> SiteFile.read(plain, Optional.of("big")));
        assertTrue(none.getMessage().contains("no keys such as big.partition"), none.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"partiton = gpu", "fat.partiton = gpu"})
    void anUnknownKeyIsNamedWithTheKnownOnes(String line) throws IOException {
        Path file = file(line);
        var e = assertThrows(IllegalArgumentException.class, () -> SiteFile.read(file, Optional.empty()));
        assertTrue(e.getMessage().startsWith(file + ": unknown key '" + line.replace(" = gpu", "'")), e.getMessage());
        assertTrue(e.getMessage().contains("partition, "), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partition = a b",
                "sbatch = exclusive",
                "environment = 1A=b",
                "account = $(id)",
                "launcher = mpiexec",
                "mpi = openmpi",
                "gpus-per-node = many",
                "cores-per-node = 0",
                "memory-per-node = 0.5T",
                "time-limit = infinite",
                "burst-buffer = jobdw capacity=1TB",
                "burst-buffer = #DW a\\nrm -rf /",
                "node-local = local",
                "fabric = ethernet"
            })
    void anUnusableValueIsNamedWithItsFile(String line) throws IOException {
        Path file = file(line);
        var e = assertThrows(IllegalArgumentException.class, () -> SiteFile.read(file, Optional.empty()));
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
    }
}
