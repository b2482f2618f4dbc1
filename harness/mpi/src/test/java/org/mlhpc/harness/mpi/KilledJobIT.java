package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.harness.mpi.Doom.Moment;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;

/** Whole jobs of two ranks under mpirun, one of which is killed at the worst moments. */
class KilledJobIT {
    /** mpirun needs a second or two; the rest is for a busy machine. */
    private static final long SECONDS_TO_END = 20;

    private static final Pattern EVAL_ERROR = Pattern.compile("\"key\": \"eval_error\", \"value\": ([^,]+),");

    @TempDir
    private static Path directory;

    @TempDir
    private Path own;

    private static List<String> uninterrupted = List.of();
    private static List<Double> losses = List.of();

    private static List<String> command(int epochs, String... more) {
        var command = new ArrayList<>(List.of("run", DoomedWorkload.NAME, "--out", DoomedWorkload.OUT));
        for (String setting : List.of(
                "sample_size=8",
                "conv_layers=2",
                "conv_filters=2",
                "dropout=0.1",
                "target_mae=1e-6",
                "max_epochs=" + epochs,
                "gen_box_cells=8",
                "gen_train_samples=160",
                "gen_validation_samples=6")) {
            command.addAll(List.of("--set", setting));
        }
        command.addAll(List.of(more));
        if (!command.contains("--ranks")) {
            command.addAll(List.of("--ranks", "2"));
        }
        return command;
    }

    @BeforeAll
    static void runWithoutInterruption() throws Exception {
        LauncherJob job = LauncherJob.start(directory, cache(directory), command(3));
        assertEquals(1, job.await(), job.output());
        assertTrue(job.output().contains("target missed"), job.output());
        uninterrupted = qualities(directory);
        assertEquals(3, uninterrupted.size());
        losses = losses(directory);
    }

    private static List<Double> losses(Path where) throws IOException {
        return RunRecordFile.read(where.resolve(DoomedWorkload.OUT).resolve("run.json")).epochs().stream()
                .map(RunRecord.Epoch::trainLoss)
                .toList();
    }

    private static List<String> qualities(Path where) throws IOException {
        Matcher lines = EVAL_ERROR.matcher(Files.readString(where.resolve(DoomedWorkload.OUT + "/result_0.txt")));
        return lines.results().map(line -> line.group(1)).toList();
    }

    /** Where data are generated, or found. */
    private static Map<String, String> cache(Path in) {
        return Map.of("XDG_CACHE_HOME", in.resolve("cache").toString());
    }

    private static Set<String> files(Path folder) throws IOException {
        var names = new TreeSet<String>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                entries.forEach(entry -> names.add(entry.getFileName().toString()));
            }
        }
        return names;
    }

    private static void assertNothingButTheUnfinished(Path where) throws IOException {
        Set<String> files = files(where.resolve(DoomedWorkload.OUT));
        assertTrue(Set.of("checkpoints_0", "result_0.txt.partial").containsAll(files), files.toString());
    }

    @ParameterizedTest
    @CsvSource({"0, GENERATION", "1, STAGING", "0, STEP", "1, STEP", "1, EVALUATION", "0, CHECKPOINT"})
    void aKilledRankIsNamedTheJobEndsAndResumingLogsTheSameEpochs(int rank, Moment moment) throws Exception {
        // With a space, because users have them.
        Path where = Files.createDirectory(own.resolve("my folder"));
        var doom = new Doom(rank, moment, own.resolve("stamp"));
        String[] staging = moment == Moment.STAGING ? new String[] {"--stage-to", DoomedWorkload.STAGE} : new String[0];

        Map<String, String> cache = cache(moment == Moment.GENERATION ? where : directory);
        var doomed = new HashMap<>(cache);
        doomed.putAll(doom.environment());
        LauncherJob killed = LauncherJob.start(where, doomed, command(3, staging));
        assertEquals(3, killed.await(), killed.output());

        long seconds = (System.currentTimeMillis() - Long.parseLong(Files.readString(doom.stamp()))) / 1000;
        assertTrue(seconds < SECONDS_TO_END, "ended " + seconds + " s after the death");
        assertTrue(killed.output().contains("mlhpc: rank " + rank + " on "), killed.output());
        assertTrue(killed.output().contains("was killed by signal 9"), killed.output());
        assertTrue(killed.output().contains("--resume"), killed.output());
        assertNothingButTheUnfinished(where);

        var again = new ArrayList<>(command(3, staging));
        again.add("--resume");
        LauncherJob resumed = LauncherJob.start(where, cache, again);
        assertEquals(1, resumed.await(), resumed.output());
        assertEquals(uninterrupted, qualities(where), resumed.output());
        assertEquals(
                Set.of("checkpoints_0", "result_0.txt", "run.json", "report.html"),
                files(where.resolve(DoomedWorkload.OUT)));
    }

    private void resume(Path where, Map<String, String> environment, String... more) throws Exception {
        var again = new ArrayList<>(command(3, more));
        again.add("--resume");
        LauncherJob resumed = LauncherJob.start(where, environment, again);
        assertEquals(1, resumed.await(), resumed.output());
        assertEquals(uninterrupted, qualities(where), resumed.output());
        assertEquals(losses, losses(where), resumed.output());
    }

    @Test
    void aJobThatIsAskedToStopGoesOnWithinTheEpochToTheSameLosses() throws Exception {
        var asked = new HashMap<>(cache(directory));
        asked.putAll(new Doom(1, Moment.REQUEST, own.resolve("stamp")).environment());
        LauncherJob stopped = LauncherJob.start(own, asked, command(3));

        assertEquals(3, stopped.await(), stopped.output());
        assertTrue(stopped.output().contains("stopped as asked after epoch 2, step "), stopped.output());
        assertTrue(stopped.output().contains("go on with --resume"), stopped.output());
        assertFalse(stopped.output().contains("killed"), stopped.output());
        assertNothingButTheUnfinished(own);
        resume(own, cache(directory));
        RunRecord record = RunRecordFile.read(own.resolve(DoomedWorkload.OUT).resolve("run.json"));
        assertTrue(record.interruptions().get(0).step().isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "1, HANG, 'rank 1 on [^ ]+ stands in optimizer since .*\\(epoch 2, step 0\\); rank 0 waits in (all_reduce|synchronisation)'",
        "1, FREEZE, 'rank 1 on [^ ]+ says nothing: its process or node does not run; rank 0 waits in (all_reduce|synchronisation)'",
        "0, FREEZE, 'rank 0 on [^ ]+ says nothing: its process or node does not run; rank 1 waits in (all_reduce|synchronisation)'",
    })
    void aJobThatHangsSaysWhereAndEnds(int rank, Moment moment, String verdict) throws Exception {
        Path cause = own.resolve("cause");
        var hanging = new HashMap<>(cache(directory));
        hanging.putAll(new Doom(rank, moment, own.resolve("stamp")).environment());
        hanging.put("MLHPC_CAUSE", cause.toString());
        // Far longer than anything that these ranks do, even where the machine is busy. The other rank waits for the
        // sum of
        // gradients, or for what all say of stopping.
        LauncherJob job = LauncherJob.start(own, hanging, command(3, "--watchdog", "0.15"));

        assertEquals(3, job.await(), job.output());
        assertTrue(
                Pattern.compile("the job hangs: " + verdict)
                        .matcher(job.output())
                        .find(),
                job.output());
        assertTrue(Files.readString(cause).strip().matches("hang\t" + verdict), Files.readString(cause));
        assertEquals(Set.of("checkpoints_0", "hang_0", "result_0.txt.partial"), files(own.resolve(DoomedWorkload.OUT)));
        resume(own, cache(directory));
        assertFalse(Files.exists(own.resolve(DoomedWorkload.OUT).resolve("hang_0")));
    }

    @Test
    void theOnlyRankIsNamedToo() throws Exception {
        var doomed = new HashMap<>(cache(directory));
        doomed.putAll(new Doom(0, Moment.STEP, own.resolve("stamp")).environment());

        LauncherJob job = LauncherJob.start(own, doomed, command(3, "--ranks", "1"));

        assertEquals(3, job.await(), job.output());
        assertTrue(job.output().contains("mlhpc: rank 0 on "), job.output());
        assertTrue(job.output().contains("was killed by signal 9"), job.output());
        assertNothingButTheUnfinished(own);
    }

    @Test
    void aTerminatedJobEndsInOrderAndSaysHowToGoOn() throws Exception {
        Path where = Files.createDirectory(own.resolve("my folder"));
        LauncherJob job = LauncherJob.start(where, cache(directory), command(10_000));
        Path checkpoints = where.resolve(DoomedWorkload.OUT + "/checkpoints_0");
        for (int i = 0; i < 600 && files(checkpoints).isEmpty(); i++) {
            Thread.sleep(100);
        }

        job.terminate();

        assertEquals(128 + 15, job.await(), job.output());
        assertTrue(job.output().contains("the job was interrupted"), job.output());
        assertTrue(job.output().contains("--resume"), job.output());
        assertNothingButTheUnfinished(where);
    }
}
