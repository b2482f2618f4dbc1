package org.mlhpc.harness.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.Workload;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.SampleProfiles;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.results.entry.SampleLogs;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.Network;
import org.mlhpc.roofline.predict.RateByThreads;

class ProfiledRunTest {
    @TempDir
    private Path folder;

    private static Workload<?> cosmoflow(String name) {
        return ServiceLoader.load(Workload.class).stream()
                .<Workload<?>>map(ServiceLoader.Provider::get)
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ProfiledRun run() throws IOException {
        Path file = folder.resolve("run.json");
        RunRecordFile.write(file, SampleRecords.profiled());
        SampleLogs.write(folder.resolve("result_0.txt"), SampleLogs.cosmoflow(1, 4));
        return ProfiledRun.read(file, ProfiledRunTest::cosmoflow);
    }

    /** The record is of two ranks; the small model's gradients fit into one bucket. */
    @Test
    void severalRanksReduceWhatTheWorkloadSays() throws IOException {
        Workload<?> workload = cosmoflow("cosmoflow");
        long bytes = 4 * workload.spec(workload.settings("tiny")).parameters();
        assertEquals(List.of(AllReduce.ofAll(bytes)), run().allReduces());

        var rate = new RateByThreads(new TreeMap<>(Map.of(2, 1e9)));
        var cluster = new Cluster(
                "test",
                2,
                2,
                rate,
                rate,
                1e9,
                1e9,
                Optional.empty(),
                Optional.of(Network.of(1e-3, (double) bytes)),
                Optional.empty(),
                Optional.empty());
        // Two latencies, and half of the vector twice at one vector a second.
        assertEquals(1.002, run().observation(cluster, Optional.empty()).ideal().get(Resource.NETWORK), 1e-9);
    }

    /** A run of two ranks on one node whose steps read 1000 bytes. */
    private static ProfiledRun reading(List<Optional<RunRecord.Input>> inputs) {
        Profile profile = SampleProfiles.of(2, "fp32", Optional.empty(), "forward", Map.of(Channel.STORAGE, 1000.0));
        RunRecord record = SampleRecords.profiled(profile, 1, inputs);
        return new ProfiledRun(Path.of("run.json"), record, profile, 8, 8, List.of(), "run");
    }

    private static Optional<RunRecord.Input> input(long bytes, Optional<Double> fromDevices) {
        return Optional.of(new RunRecord.Input(bytes, fromDevices, 0, 0.4, 3));
    }

    @Test
    void storageDeliversWhatDevicesCounted() {
        ProfiledRun run = reading(List.of(input(2000, Optional.of(1000.0)), input(2000, Optional.of(0.0))));
        assertEquals(250, run.storagePerNode(), 1e-9);
        assertFalse(run.hasUnknownReads());
    }

    /** The part that was counted says nothing of the rest. */
    @Test
    void anEpochThatNothingCountedMakesAllReadsUnknown() {
        ProfiledRun run = reading(List.of(input(2000, Optional.of(1000.0)), input(2000, Optional.empty())));
        assertEquals(0, run.storagePerNode());
        assertTrue(run.hasUnknownReads());
    }

    @Test
    void stepsThatReadWithoutAnyInputOfEpochsHaveUnknownReads() {
        for (List<Optional<RunRecord.Input>> inputs :
                List.of(List.of(Optional.<RunRecord.Input>empty()), List.of(input(0, Optional.of(0.0))))) {
            ProfiledRun run = reading(inputs);
            assertEquals(0, run.storagePerNode());
            assertTrue(run.hasUnknownReads());
        }
    }

    /** A limit that does not bind makes a repetition, whose time would tell that of the run that is held out. */
    @Test
    void runsUnderAnotherStorageLimitAreTheSameSetting() {
        List<Object> setting = limited(2, Optional.empty()).setting();
        assertEquals(setting, limited(2, Optional.of(1e12)).setting());
        assertNotEquals(setting, limited(1, Optional.empty()).setting());
    }

    private static ProfiledRun limited(int nodes, Optional<Double> limit) {
        Profile profile = SampleProfiles.of(2, "fp32", limit, "forward", Map.of());
        RunRecord some = SampleRecords.profiled(profile, nodes);
        return new ProfiledRun(Path.of("run.json"), some, profile, 8, 8, List.of(), "run");
    }

    @Test
    void foldersAreSearchedForRecords() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("a/b"));
        List<Path> records = List.of(folder.resolve("a/run.json"), deep.resolve("run_2.json"));
        for (Path file : records) {
            Files.writeString(file, "");
        }
        Files.writeString(deep.resolve("rerun.json"), "");
        assertEquals(List.of(deep.resolve("run_2.json"), records.get(0)), ProfiledRuns.files(List.of(folder)));
        assertEquals(List.of(folder.resolve("named.json")), ProfiledRuns.files(List.of(folder.resolve("named.json"))));
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThrows(IOException.class, () -> ProfiledRuns.files(List.of(empty)));
    }
}
