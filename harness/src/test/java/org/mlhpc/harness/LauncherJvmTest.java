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
    @TempDir
    private Path folder;

    /** The last line is the code that the commands end with. */
    private String[] shell(String commands) throws Exception {
        String setUp = "EXIT_ENVIRONMENT=3 app=$PWD home=$PWD cache=$PWD jdk_version=17 jdk_feature=17 jdk='"
                + System.getProperty("java.home") + "'; : >classpath\n"
                + "allocator_environment() { :; }; fail() { echo \"$2 $3\"; exit $1; }\n";
        return LauncherShell.run(
                        folder,
                        "job.sh",
                        ". " + LauncherShell.SCRIPTS + "/jdk.sh\n" + setUp + "(" + commands + ")\necho -n $?")
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
        "MLHPC_JAVA_OPTS=-XX:+NoSuchOption, NoSuchOption",
        "MLHPC_JAVA_OPTS=-Xms1g,            Initial heap size",
        "ulimit -v 400000,                  ulimit -v is 400000"
    })
    void aJvmThatCannotStartIsAnErrorOfTheEnvironment(String obstacle, String reason) throws Exception {
        assertEnds("3", reason, shell(obstacle + "; command_word=check; start_process"));
    }

    /** Java's own code for a class that is not there. */
    @Test
    void optionsThatJavaTakesAreNoObstacle() throws Exception {
        String[] said = shell("MLHPC_JAVA_OPTS=-Xmx300m; command_word=check; start_process");
        assertEnds("1", "org.mlhpc.harness.cli.Main", said);
    }

    @Test
    void aHeapThatIsUsedUpIsSaidWithTheWayToMore() throws Exception {
        Files.writeString(
                folder.resolve("Fill.java"),
                "class Fill { public static void main(String[] a) { System.out.println(new long[1 << 27].length); } }");
        String run = "command_word=check; mapfile -t options < <(jvm_options);"
                + " \"$jdk/bin/java\" \"${options[@]}\" Fill.java >results";

        assertEnds("3", "\nmlhpc: Java needs a larger heap: MLHPC_JAVA_OPTS=-Xmx4g", shell(run));
        assertEquals("", Files.readString(folder.resolve("results")));
    }
}
