package org.mlhpc.slurm.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTextTest {
    /** Anything but NUL and halves of characters, with what a shell treats specially more often than chance would have it. */
    @Provide
    Arbitrary<List<String>> words() {
        Arbitrary<String> special = Arbitraries.strings()
                .withChars(" \t\n'\"\\$`(){}[]*?~!#&;|<>=-%^\r")
                .ofMaxLength(12);
        Arbitrary<String> any = Arbitraries.strings()
                .all()
                .filter(word -> word.indexOf('\0') < 0
                        && StandardCharsets.UTF_8.newEncoder().canEncode(word));
        return Arbitraries.oneOf(special, any).list().ofMinSize(1).ofMaxSize(20);
    }

    @Property(tries = 60)
    void quotedWordsComeOutOfBashAsTheyWere(@ForAll("words") List<String> words) throws Exception {
        String script = "printf '%s\\0' " + BatchText.quoted(words);
        assertEquals(String.join("\0", words) + "\0", bash(Map.of(), script));
    }

    @Property(tries = 30)
    void wrappingChangesNoWord(@ForAll("words") List<String> words) throws Exception {
        String script = "printf '%s\\0' "
                + BatchText.wrapped(words.stream().map(BatchText::quoted).toList());
        assertEquals(String.join("\0", words) + "\0", bash(Map.of(), script));
    }

    @Test
    void anOptionStaysInOneLineWithItsValue() {
        String long100 = "x".repeat(100);
        assertEquals(
                "run a \\\n    --data " + long100 + " \\\n    --seed 1",
                BatchText.wrapped(List.of("run", "a", "--data", long100, "--seed", "1")));
    }

    @ParameterizedTest
    @CsvSource({
        "/local/$SLURM_JOB_ID/data, /local/42/data",
        "$TMPDIR, /tmp/a b",
        "${TMPDIR}x, /tmp/a bx",
        "/a b/$(touch hacked)/$SLURM_JOB_ID, /a b/$(touch hacked)/42",
        "/`id`/$1/$, /`id`/$1/$",
        "/{node}/a, /{node}/a"
    })
    void onlyVariablesOfAPathAreReplaced(String path, String expected) throws Exception {
        var environment = Map.of("SLURM_JOB_ID", "42", "TMPDIR", "/tmp/a b");
        assertEquals(expected, bash(environment, "printf %s " + BatchText.expanding(path)));
    }

    @Test
    void aVariableThatIsNotThereEndsTheJob() throws Exception {
        String lines = String.join("\n", BatchText.requiring("/a/$HOME/${NO_SUCH_FOLDER}/$HOME"));
        assertEquals(2, lines.lines().count());
        var e = assertThrows(IllegalStateException.class, () -> bash(Map.of(), "set -u\n" + lines + "\necho"));
        assertEquals(
                "exit code 3: mlhpc: NO_SUCH_FOLDER is not set in this job, but the folder to stage to names it\n",
                e.getMessage());
        assertEquals("\n", bash(Map.of("NO_SUCH_FOLDER", "a"), lines + "\necho"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--output=/a b",
                "--output=/a'b",
                "--job-name=$(id)",
                "--a=b\n#SBATCH --uid=0",
                "exclusive",
                "--",
                "--a="
            })
    void whatSlurmCouldNotReadIsRefused(String option) {
        var e = assertThrows(IllegalArgumentException.class, () -> BatchText.requireOption(option));
        assertTrue(e.getMessage().contains(option), e.getMessage());
    }

    @Test
    void aNulIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> BatchText.quoted("a\0b"));
    }

    private static String bash(Map<String, String> environment, String script)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-s");
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("exit code " + process.exitValue() + ": " + errors);
        }
        return out;
    }
}
