package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of two ranks that were asked for what is not possible: one rank says so, and nothing is begun. */
class RefusedJobIT {
    private static final String OUT = "out";
    private static final List<String> SMALL = List.of(
            "--set=sample_size=8",
            "--set=conv_layers=2",
            "--set=conv_filters=2",
            "--set=gen_box_cells=8",
            "--set=gen_train_samples=16",
            "--set=gen_validation_samples=6");

    @TempDir
    private Path own;

    private LauncherJob start(Map<String, String> environment, List<String> options) throws Exception {
        var command = new ArrayList<>(List.of("run", "cosmoflow", "--ranks", "2", "--out", OUT));
        command.addAll(options);
        var all = new HashMap<>(environment);
        all.put("XDG_CACHE_HOME", own.resolve("cache").toString());
        return LauncherJob.start(own, all, command);
    }

    private static void assertSaidOnce(String words, LauncherJob job) throws Exception {
        assertEquals(2, job.await(), job.output());
        assertEquals(2, job.output().split(words, -1).length, job.output());
    }

    private void assertRefused(String words, String... options) throws Exception {
        assertSaidOnce(words, start(Map.of(), List.of(options)));
        assertFalse(Files.exists(own.resolve("cache")), "data were made");
    }

    @Test
    void unknownSettings() throws Exception {
        assertRefused("unknown setting", "--set", "nosuch=1");
        assertFalse(Files.exists(own.resolve(OUT)));
    }

    /** The other rank is long done when rank 0 begins. */
    @Test
    void unknownSettingsWhereRankZeroStartsLate() throws Exception {
        Path late = Files.writeString(
                own.resolve("late"), "#!/bin/bash\n[[ $OMPI_COMM_WORLD_RANK != 0 ]] || sleep 4\nexec \"$@\"\n");
        assertTrue(late.toFile().setExecutable(true));
        Map<String, String> environment = Map.of("MLHPC_MPIRUN_OPTS", late.toString());

        assertSaidOnce("unknown setting", start(environment, List.of("--set", "nosuch=1")));
        assertSaidOnce("Unknown option", start(environment, List.of("--nosuch")));
    }

    @Test
    void aBatchThatDoesNotSuitTheRanks() throws Exception {
        assertRefused("choose a multiple of 2", "--set", "global_batch_size=5");
        assertFalse(Files.exists(own.resolve(OUT)));
    }

    @Test
    void whatTheClosedDivisionForbids() throws Exception {
        assertRefused("--division closed is not possible", "--division", "closed");
        assertFalse(Files.exists(own.resolve(OUT)));
    }

    @Test
    void aRunThatIsThereAlready() throws Exception {
        Files.writeString(Files.createDirectories(own.resolve(OUT)).resolve("result_0.txt"), "");
        assertRefused("result_0.txt exists already");
    }

    /** Stopped after its first steps, by a request made for this start. */
    @Test
    void goingOnWithOtherSettings() throws Exception {
        Files.writeString(Files.createDirectories(own.resolve(OUT)).resolve("stop_0"), "");
        LauncherJob stopped = start(Map.of("MLHPC_CAUSE", own.resolve("cause").toString()), SMALL);
        assertEquals(3, stopped.await(), stopped.output());
        assertTrue(stopped.output().contains("stopped as asked"), stopped.output());

        var changed = new ArrayList<>(SMALL);
        changed.addAll(List.of("--set=dropout=0.3", "--resume"));
        assertSaidOnce("cannot resume with dropout", start(Map.of(), changed));
    }

    /** Not 1, which would mean that the target was missed. */
    @Test
    void optionsThatJavaDoesNotTake() throws Exception {
        LauncherJob job = start(Map.of("MLHPC_JAVA_OPTS", "-XX:+NoSuchOption"), List.of());

        assertEquals(3, job.await(), job.output());
        assertTrue(job.output().contains("\nmlhpc: Java or mpirun could not start"), job.output());
        assertFalse(Files.exists(own.resolve(OUT)));
    }
}
