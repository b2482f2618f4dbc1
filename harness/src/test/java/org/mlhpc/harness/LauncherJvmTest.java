package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a JVM that cannot start, or runs out of memory: an error of the environment, never a missed target. */
class LauncherJvmTest {
    private static final String UNSOUND_LOG = ":::MLLOG {\"namespace\": \"\", \"time_ms\": 1700000000000,"
            + " \"event_type\": \"POINT_IN_TIME\", \"key\": \"submission_benchmark\", \"value\": \"cosmoflow\","
            + " \"metadata\": {\"file\": \"a\", \"lineno\": 1}}\n";
    private static final String FILL =
            """
            class Fill {
                public static void main(String[] words) {
                    System.out.println(new long[Integer.parseInt(words[0])].length);
                }
            }
            """;

    @TempDir
    private Path folder;

    /** The last line is the code that the commands end with. */
    private String[] shell(String commands) throws Exception {
        Files.writeString(folder.resolve("classpath"), System.getProperty("java.class.path"));
        String setUp = "app=$PWD home=$PWD cache=$PWD jdk_version=17 jdk_feature=17 jdk='"
                + System.getProperty("java.home") + "'\nallocator_environment() { :; }\n";
        return LauncherShell.run(
                        folder,
                        "common.sh",
                        ". " + LauncherShell.SCRIPTS + "/job.sh\n" + setUp + "(" + commands + ")\necho -n $?")
                .split("\n", -1);
    }

    private static void assertEnds(String code, String expected, String[] said) {
        String text = String.join("\n", said);
        assertEquals(code, said[said.length - 1], text);
        assertTrue(text.contains(expected), text);
    }

    /** The second asks for more to begin with than the checker may have in all. */
    @ParameterizedTest
    @CsvSource({
        "export MLHPC_JAVA_OPTS=-XX:+NoSuchOption,   NoSuchOption",
        "export MLHPC_JAVA_OPTS=-Xms1g,              Initial heap size",
        "export JDK_JAVA_OPTIONS=-XX:+NoSuchOption,  NoSuchOption",
        "export JAVA_TOOL_OPTIONS=-XX:+NoSuchOption, NoSuchOption",
        "export _JAVA_OPTIONS=-XX:+NoSuchOption,     NoSuchOption",
        "ulimit -v 400000,                           Java could not start"
    })
    void aJvmThatCannotStartIsAnErrorOfTheEnvironment(String obstacle, String reason) throws Exception {
        String[] said = shell(obstacle + "; command_word=check arguments=(check); start_process");

        assertEnds("3", reason, said);
        assertEnds("3", "mlhpc: Java could not start", said);
    }

    /** As Java says of a class path without it. */
    @Test
    void aProgramThatBreaksDownHasMissedNoTarget() throws Exception {
        assertEnds(
                "3",
                "ClassNotFoundException",
                shell("print_class_path() { echo \"$app\"/results.jar; };"
                        + " command_word=check arguments=(check); start_process"));
    }

    @Test
    void whatWasCheckedAndFailedEndsWith1() throws Exception {
        Files.writeString(folder.resolve("result_0.txt"), UNSOUND_LOG);

        String[] said = shell("command_word=check arguments=(check result_0.txt); start_process");

        assertEnds("1", "run_start", said);
    }

    @Test
    void commandsReadWhatTheLauncherIsGiven() throws Exception {
        String[] said =
                shell("prepare_java() { java_command=(cat); }; command_word=slurm; echo answer | start_process");

        assertEnds("0", "answer", said);
    }

    private String[] fill(String numbers, String settings) throws Exception {
        Files.writeString(folder.resolve("Fill.java"), FILL);
        return shell(settings + "; mapfile -t options < <(jvm_options); read -ra further <<<\"${MLHPC_JAVA_OPTS-}\";"
                + " \"$jdk/bin/java\" \"${options[@]}\" \"${further[@]}\" Fill.java " + numbers + " >results");
    }

    /** A GiB of numbers. */
    @ParameterizedTest
    @CsvSource({
        "command_word=check,                                               256m",
        "command_word=check MLHPC_JAVA_OPTS=-Xmx300m,                      300m",
        "command_word=run ranks_per_node=5 SLURM_MEM_PER_NODE=1000,        100m"
    })
    void aHeapThatIsUsedUpIsSaidWithWhatItWas(String settings, String heap) throws Exception {
        String[] said = fill("134217728", settings);

        assertEnds("3", "OutOfMemoryError: Java heap space", said);
        assertEnds("3", "\nmlhpc: Java has used up memory", said);
        assertEnds("3", "a larger -Xmx in MLHPC_JAVA_OPTS than it had (" + heap + ")", said);
        assertEquals("", Files.readString(folder.resolve("results")));
    }

    /** No heap helps, and the words above say so. */
    @Test
    void anArrayThatJavaCannotHaveIsNoMatterOfTheHeapAlone() throws Exception {
        String[] said = fill("2147483647", "command_word=run");

        assertEnds("3", "Requested array size exceeds VM limit", said);
        assertEnds("3", "\nmlhpc: Java has used up memory of the kind that stands above. If it is heap,", said);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                                            50.0 percent of the memory",
        "MLHPC_JAVA_OPTS=-XX:MaxRAMPercentage=80,                       80 percent of the memory",
        "MLHPC_JAVA_OPTS='-Xmx3g -XX:MaxRAMPercentage=80',              3g",
        "MLHPC_JAVA_OPTS=-Xmx3g _JAVA_OPTIONS=-Xmx2g,                   2g",
        "command_word=check JDK_JAVA_OPTIONS=-Xmx2g,                    256m"
    })
    void theHeapIsWhatTheLastOptionSays(String settings, String heap) throws Exception {
        assertEquals(heap, shell(settings + "\ngranted_heap")[0]);
    }
}
