package org.mlhpc.roofline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    @Test
    void everything_in_it_goes_with_it(@TempDir Path parent) throws IOException {
        Scratch scratch = Scratch.in(parent, "mlhpc");
        Files.writeString(
                Files.createDirectories(scratch.folder().resolve("a/b")).resolve("c"), "text");
        scratch.close();
        assertFalse(Files.exists(scratch.folder()));
        scratch.close();
        assertEquals(0, parent.toFile().list().length);
    }

    /** As Ctrl-C and schedulers end a program: the folder goes though nobody closes it. */
    @Test
    void it_goes_when_the_program_is_told_to_end(@TempDir Path parent) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName(),
                        parent.toString())
                .redirectErrorStream(true)
                .start();
        try (var lines = program.inputReader()) {
            assertEquals("ready", lines.readLine());
            assertEquals(1, parent.toFile().list().length);
            program.destroy();
            assertTrue(program.waitFor(30, TimeUnit.SECONDS));
        } finally {
            program.destroyForcibly();
        }
        assertEquals(0, parent.toFile().list().length);
    }

    /** Makes a folder and waits to be ended. */
    static final class Waiting {
        public static void main(String[] arguments) throws IOException, InterruptedException {
            Scratch scratch = Scratch.in(Path.of(arguments[0]), "mlhpc");
            Files.writeString(scratch.folder().resolve("file"), "text");
            System.out.println("ready");
            Thread.sleep(TimeUnit.MINUTES.toMillis(1));
            scratch.close();
        }
    }
}
