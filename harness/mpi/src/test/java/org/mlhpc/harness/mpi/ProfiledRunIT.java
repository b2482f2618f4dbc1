package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.roofline.Channel;

/** A profiled job of two ranks on storage of limited rate. */
class ProfiledRunIT {
    private static final int PARAMETERS =
            (27 * 4 * 2 + 2) + (27 * 2 * 4 + 4) + (32 * 128 + 128) + (128 * 64 + 64) + (64 * 4 + 4);
    private static final double BYTES_PER_SECOND = 200e3;

    @TempDir
    private static Path directory;

    private static RunRecord run;
    private static Profile profile;
    private static double fileBytes;

    @BeforeAll
    static void train() throws Exception {
        var command = new ArrayList<>(
                List.of("run", "cosmoflow", "--out", "out", "--ranks", "2", "--profile", "--limit-storage", "200kB/s"));
        for (String setting : List.of(
                "sample_size=8",
                "conv_layers=2",
                "conv_filters=2",
                "target_mae=1e-6",
                "max_epochs=2",
                "gen_compression=none",
                "gen_box_cells=8",
                "gen_train_samples=40",
                "gen_validation_samples=6")) {
            command.addAll(List.of("--set", setting));
        }
        Path cache = directory.resolve("cache");
        LauncherJob job = LauncherJob.start(directory, Map.of("XDG_CACHE_HOME", cache.toString()), command);
        assertEquals(1, job.await(), job.output());
        run = RunRecordFile.read(directory.resolve("out/run.json"));
        profile = run.profile().orElseThrow();
        try (var files = Files.walk(cache)) {
            Path sample = files.filter(file -> file.getParent().endsWith("train"))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow();
            fileBytes = Files.size(sample);
        }
    }

    private static Profile.Phase phase(String name) {
        return profile.phase(name).orElseThrow();
    }

    @Test
    void phasesAddUpToTheSteps() {
        double sum = profile.phases().stream()
                .filter(phase -> phase.per().equals(Profile.STEP))
                .mapToDouble(Profile.Phase::seconds)
                .sum();

        // Two epochs without their first steps.
        assertEquals(2 * (10 - 1), profile.steps());
        // Of the rounding of a few sums alone.
        assertEquals(profile.meanStepSeconds(), sum, 1e-9);
        double epochs =
                run.epochs().stream().mapToDouble(RunRecord.Epoch::trainSeconds).sum();
        assertTrue(profile.steps() * sum < epochs, profile.steps() + " steps of " + sum + " s in " + epochs + " s");
    }

    @Test
    void flopAreThoseOfTheModelWithoutTheSkippedGradient() {
        double perSample = run.model().trainFlopPerSample();
        double skipped = 2.0 * 27 * 4 * 2 * 512;

        assertEquals(4, profile.samplesPerStep());
        double executed =
                phase("forward").flop().orElseThrow() + phase("backward").flop().orElseThrow();
        assertEquals(4 * (perSample - skipped), executed);
    }

    @Test
    void bytesOfEachChannelAreThoseOfGradientsAndFiles() {
        assertEquals(PARAMETERS, run.model().parameters());
        assertEquals(2.0 * 4 * PARAMETERS, phase("all_reduce").bytes().get(Channel.NETWORK));
        assertEquals(4 * fileBytes, phase("data_stall").bytes().get(Channel.STORAGE), 1);
        assertEquals(2 * 32.0 * PARAMETERS, phase("optimizer").bytes().get(Channel.MEMORY));
    }

    /** The loaders of both ranks together cannot be faster; what is read ahead before the first step is in its time. */
    @Test
    void theLimitOfStorageHolds() {
        assertEquals(BYTES_PER_SECOND, profile.storageLimit().orElseThrow());
        double bytes = 2 * (40 + 6) * fileBytes;
        double seconds = run.epochs().stream()
                .mapToDouble(epoch -> epoch.trainSeconds() + epoch.evalSeconds())
                .sum();
        assertTrue(
                bytes / seconds < 1.05 * BYTES_PER_SECOND,
                "read " + bytes / seconds + " bytes/s in spite of the limit");
        assertTrue(run.notes().stream().anyMatch(note -> note.contains("--limit-storage")), run.notes()::toString);
    }

    @Test
    void everyOperatorHasItsTime() {
        assertTrue(profile.layers().size() > 10, profile.layers()::toString);
        for (Profile.Layer layer : profile.layers()) {
            assertTrue(layer.forward().seconds().orElseThrow().median() > 0, layer::name);
            assertTrue(layer.backward().seconds().orElseThrow().median() > 0, layer::name);
        }
    }

    @Test
    void theCommunicatorCountsWhatIsAccountedFor() {
        Profile.Counted payload = profile.counted().get(0);

        assertEquals("communicator", payload.source());
        double gradients = 20 * phase("all_reduce").bytes().get(Channel.NETWORK);
        // Losses, metrics and the like are small beside it.
        assertEquals(gradients, payload.amount(), 0.05 * gradients);
    }

    /** How small it is depends on the machine and on how busy that is. */
    @Test
    void theShareOfCountingIsKnown() {
        double share = profile.countingShare().orElseThrow();
        assertTrue(share > 0 && share < 1, "share of counting: " + share);
    }
}
