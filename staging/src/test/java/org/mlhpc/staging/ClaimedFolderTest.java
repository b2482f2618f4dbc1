package org.mlhpc.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimedFolderTest {
    @TempDir
    private Path directory;

    private Path base() {
        return directory.resolve("data");
    }

    /** Claims the folder, says so, and waits to be killed. */
    public static void main(String[] arguments) throws Exception {
        try (ClaimedFolder claimed = ClaimedFolder.first(Path.of(arguments[0]))) {
            System.out.println(claimed.number());
            Thread.sleep(60_000);
        }
    }

    private Process another() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClaimedFolderTest.class.getName(),
                        base().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void eachHasAFolderOfItsOwn() throws IOException {
        try (var first = ClaimedFolder.first(base());
                var second = ClaimedFolder.first(base())) {
            assertEquals(base(), ClaimedFolder.of(base(), first.number()));
            assertEquals(directory.resolve("data-1"), ClaimedFolder.of(base(), second.number()));
        }
        try (var again = ClaimedFolder.first(base())) {
            assertEquals(0, again.number());
        }
    }

    /** Three runs, of which the first and the last still run: what the second left is removed, not what others have. */
    @Test
    void whatIsLeftBesideIsRemoved() throws IOException {
        for (int number = 0; number < 3; number++) {
            Files.createDirectories(ClaimedFolder.of(base(), number).resolve("train"));
        }
        var first = ClaimedFolder.first(base());
        var second = ClaimedFolder.first(base());
        try (var third = ClaimedFolder.first(base())) {
            second.close();
            first.close();
            try (var again = ClaimedFolder.first(base())) {
                again.removeLeftBeside();
                assertEquals(0, again.number());
                assertTrue(Files.exists(base().resolve("train")), "left by a run that died, and taken over");
                assertFalse(Files.exists(ClaimedFolder.of(base(), 1)));
                assertTrue(Files.exists(ClaimedFolder.of(base(), third.number())));
            }
        }
    }

    @Test
    void whatAProcessHasIsFreeWhenItDies() throws Exception {
        Process other = another();
        try {
            assertEquals('0', other.getInputStream().read());
            try (var second = ClaimedFolder.first(base())) {
                assertEquals(1, second.number());
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (var first = ClaimedFolder.first(base())) {
            assertEquals(0, first.number());
        }
    }
}
