package org.mlhpc.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts run under bash with stand-ins for mlhpc, module and scontrol that write down what they were given. */
class JobScriptTest {
    private static final Site PLAIN = Site.plain();
    private static final Site GPU = new Site(
            List.of("--partition=gpu", "--account=p123", "--gpus-per-node=4"),
            List.of("openmpi/4.1", "java/17"),
            List.of("OMP_NUM_THREADS=8", "NOTE=it's $HOME"));

    @TempDir
    private Path directory;

    private Path received;

    @BeforeEach
    void writeStandIns() throws IOException {
        received = directory.resolve("received");
        standIn(
                "mlhpc",
                "for word in \"$@\"; do printf '<%s>' \"$word\"; done >> \"$RECEIVED\"\neval \"${BEHAVIOUR-}\"");
        standIn("scontrol", "echo \" scontrol $*\" >> \"$RECEIVED\"");
    }

    private void standIn(String name, String body) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, "#!/bin/bash\n" + body + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private JobSpec job(String... command) {
        return new JobSpec("mlhpc-cosmoflow", 2, 4, "1:30:00", Path.of("/results/a"), List.of(command));
    }

    private Process start(String script, String behaviour, String restarts) throws IOException {
        Path file = Files.writeString(directory.resolve("job.sh"), script);
        var builder = new ProcessBuilder("bash", file.toString());
        builder.environment().put("PATH", directory + File.pathSeparator + System.getenv("PATH"));
        builder.environment().put("RECEIVED", received.toString());
        builder.environment().put("BEHAVIOUR", behaviour);
        builder.environment().put("SLURM_JOB_ID", "42");
        builder.environment().put("SLURM_RESTART_COUNT", restarts);
        // "module" is a function of the user's shell on a cluster.
        builder.environment().put("BASH_FUNC_module%%", "() { echo -n \"module $* \" >> \"$RECEIVED\"; }");
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    private int run(String script, String behaviour) throws IOException, InterruptedException {
        Process process = start(script, behaviour, "0");
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        return process.exitValue();
    }

    private String received() throws IOException {
        return Files.exists(received) ? Files.readString(received) : "";
    }

    @Test
    void asksForWhatTheJobAndTheSiteNeed() {
        String text = new JobScript(GPU, job("run", "cosmoflow"), Path.of("/home/mlhpc")).text();

        assertEquals(
                """
                #!/bin/bash
                #SBATCH --job-name=mlhpc-cosmoflow
                #SBATCH --nodes=2
                #SBATCH --ntasks-per-node=4
                #SBATCH --time=1:30:00
                #SBATCH --output=/results/a/slurm-%j.out
                #SBATCH --open-mode=append
                #SBATCH --requeue
                #SBATCH --signal=B:TERM@120
                #SBATCH --partition=gpu
                #SBATCH --account=p123
                #SBATCH --gpus-per-node=4

                set -uo pipefail
                module load openmpi/4.1 || exit 3
                module load java/17 || exit 3
                export OMP_NUM_THREADS=8
                export NOTE='it'\\''s $HOME'
                """,
                text.substring(0, text.indexOf("\n# A job that")));
        assertTrue(text.contains("/home/mlhpc/mlhpc run cosmoflow --ranks 8 --out /results/a --resume &\n"));
    }

    @Test
    void runsTheCommandAndPassesItsExitCodeOn() throws Exception {
        String script = new JobScript(GPU, job("run", "cosmoflow"), directory).text();

        assertEquals(1, run(script, "exit 1"));
        assertEquals(
                "module load openmpi/4.1 module load java/17 "
                        + "<run><cosmoflow><--ranks><8><--out></results/a><--resume>",
                received());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"with space", "it's", "$(touch hacked)", "`touch hacked`", "a\"b", "a;touch hacked", "\\", "*"})
    void hostileWordsArriveAsTheyAre(String word) throws Exception {
        assertEquals(0, run(new JobScript(PLAIN, job("run", word), directory).text(), "exit 0"));

        assertTrue(received().contains("<" + word + ">"), received());
        assertFalse(Files.exists(directory.resolve("hacked")));
        assertFalse(Files.exists(Path.of("hacked")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/out/a b", "/out/a\n#SBATCH --uid=0", "/out/'a'"})
    void foldersThatSbatchCannotReadAreRefused(String out) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> new JobSpec("n", 1, 1, "10", Path.of(out), List.of("run")));
        assertTrue(e.getMessage().contains(out), e.getMessage());
    }

    @Test
    void nearTheLimitTheRunEndsAndTheJobGoesBackToTheQueue() throws Exception {
        Process process = start(
                new JobScript(PLAIN, job("run"), directory).text(),
                "trap 'echo -n \" ended\" >> \"$RECEIVED\"; exit 143' TERM; echo ready; while :; do sleep 0.05; done",
                "0");
        terminateWhenReady(process);

        assertEquals(143, process.exitValue());
        assertTrue(received().endsWith(" ended scontrol requeue 42\n"), received());
    }

    @Test
    void aRunThatEndsWellInSpiteOfTheSignalIsNotRepeated() throws Exception {
        Process process = start(
                new JobScript(PLAIN, job("run"), directory).text(),
                "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done",
                "0");
        terminateWhenReady(process);

        assertEquals(0, process.exitValue());
        assertFalse(received().contains("scontrol"), received());
    }

    @Test
    void aJobIsNotRestartedForEver() throws Exception {
        Process process = start(
                new JobScript(PLAIN, job("run"), directory).text(),
                "trap 'exit 143' TERM; echo ready; while :; do sleep 0.05; done",
                "50");
        terminateWhenReady(process);

        assertFalse(received().contains("scontrol"), received());
        assertTrue(Files.readString(directory.resolve("output")).contains("ask for more --time"));
    }

    private void terminateWhenReady(Process process) throws Exception {
        Path output = directory.resolve("output");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!Files.readString(output).contains("ready") && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        process.destroy();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }

    /** But that a dollar sign in single quotes stays one, which is the point of quoting. */
    @Test
    void shellcheckFindsNothing() throws Exception {
        Path file = Files.writeString(
                directory.resolve("job.sh"), new JobScript(GPU, job("run", "it's"), directory).text());
        Process process;
        try {
            process = new ProcessBuilder("shellcheck", "--exclude=SC2016", file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "needs shellcheck: apt-get install shellcheck");
            return;
        }
        String findings = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), findings);
    }
}
