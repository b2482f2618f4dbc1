package org.mlhpc.roofline.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestFileTest {
    /** A quota shows as space that is there until it is used; here it is a limit of 1 MiB on files, which only the kernel knows. */
    @Test
    void a_file_that_does_not_fit_is_named_with_the_fix(@TempDir Path folder) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process program = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 1024 && exec \"$@\"",
                        "bash",
                        java,
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Filling.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (var lines = program.inputReader()) {
            String printed = String.join("\n", lines.lines().toList());
            assertTrue(program.waitFor(30, TimeUnit.SECONDS));
            assertEquals(
                    "cannot fill a file of 4 MiB in --path " + folder
                            + ": make room there, choose another, or try --quick (File too large)",
                    printed);
        } finally {
            program.destroyForcibly();
        }
        assertEquals(0, folder.toFile().list().length);
    }

    /** Fills a file of 4 MiB. */
    static final class Filling {
        public static void main(String[] arguments) {
            try (TestFile file = TestFile.create(Path.of(arguments[0]), 4 << 20)) {
                file.warm();
                System.out.println("filled");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
