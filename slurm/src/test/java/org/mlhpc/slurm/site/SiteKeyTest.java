package org.mlhpc.slurm.site;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SiteKeyTest {
    /** In the first column of the table, in which some rows have several. */
    @ParameterizedTest
    @EnumSource
    void isInTheUsersGuide(SiteKey key) throws IOException {
        try (var lines = Files.lines(Path.of("../docs/slurm.md"))) {
            assertTrue(
                    lines.filter(line -> line.startsWith("| `"))
                            .anyMatch(line -> line.split("\\|", -1)[1].contains("`" + key.word() + "`")),
                    "docs/slurm.md has no row for " + key.word());
        }
    }
}
