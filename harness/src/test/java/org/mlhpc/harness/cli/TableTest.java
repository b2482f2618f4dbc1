package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table =
            new Table("name", "seconds").row("a, \"b\"", 1234.5678).row("c", "");

    @Test
    void alignsColumnsAsText() throws IOException {
        assertEquals(
                """
                name    seconds
                a, "b"     1235
                c
                """,
                table.format(Format.TEXT));
    }

    @Test
    void quotesCsvAndKeepsAllDigits() throws IOException {
        assertEquals("name,seconds\n\"a, \"\"b\"\"\",1234.5678\nc,\n", table.format(Format.CSV));
    }

    @Test
    void leavesEmptyCellsOutOfJson() throws IOException {
        assertEquals(
                new ObjectMapper()
                        .readTree("[{\"name\": \"a, \\\"b\\\"\", \"seconds\": 1234.5678}, {\"name\": \"c\"}]"),
                new ObjectMapper().readTree(table.format(Format.JSON)));
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThrows(IllegalArgumentException.class, () -> new Table("one").row("a", "b"));
    }
}
