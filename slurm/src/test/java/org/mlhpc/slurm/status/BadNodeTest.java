package org.mlhpc.slurm.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadNodeTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void entriesCountForAWeek() throws IOException {
        Path file = Files.writeString(
                folder.resolve("bad_nodes"),
                """
                n1\tno memory\t2026-11-28T11:59:59Z
                n2\tits clock is 5 s off\t2026-11-21T12:00:00Z
                n3\tno memory\t2026-11-21T11:59:59Z
                n4\tno memory
                n5\tno memory\tyesterday
                """);

        assertEquals(
                List.of(new BadNode("n1", "no memory"), new BadNode("n2", "its clock is 5 s off")),
                BadNode.read(file, NOW));
    }

    @Test
    void withoutAFileNoneIsBroken() throws IOException {
        assertEquals(List.of(), BadNode.read(folder.resolve("nosuch"), NOW));
    }
}
