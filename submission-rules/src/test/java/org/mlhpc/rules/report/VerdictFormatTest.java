package org.mlhpc.rules.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.Violation;

class VerdictFormatTest {
    private static final List<LogVerdict> VERDICTS = List.of(
            new LogVerdict("a.txt", List.of()),
            new LogVerdict(
                    "b.txt",
                    List.of(
                            new Violation(
                                    "t.k.value",
                                    Violation.Severity.ERROR,
                                    "S",
                                    "b.txt",
                                    OptionalLong.of(7),
                                    "\"x\"",
                                    "1, 2",
                                    "c"),
                            new Violation(
                                    "t.k.count",
                                    Violation.Severity.WARNING,
                                    "S",
                                    "b.txt",
                                    OptionalLong.empty(),
                                    "no line",
                                    "one",
                                    "log k"))));

    @Test
    void textTellsAPersonWhatToChange() {
        assertEquals(
                """
                a.txt: passed
                b.txt: failed, 1 error, 1 warning
                  error t.k.value, line 7
                    found:   "x"
                    allowed: 1, 2
                    change:  c [S]
                  warning t.k.count, whole log
                    found:   no line
                    allowed: one
                    change:  log k [S]
                ruleset 3.0.0: 1 of 2 logs passed
                """,
                VerdictFormat.TEXT.format(new CheckReport("3.0.0", VERDICTS, List.of())));
    }

    @Test
    void csvQuotesCellsAndLeavesAnAbsentLineEmpty() {
        assertEquals(
                """
                file,line,severity,rule,section,found,allowed,change
                b.txt,7,error,t.k.value,S,\"""x\""","1, 2",c
                b.txt,,warning,t.k.count,S,no line,one,log k
                """,
                VerdictFormat.CSV.format(new CheckReport("3.0.0", VERDICTS, List.of())));
    }

    @Test
    void jsonHasAllLogsAndNoLineWhereNoneIsMeant() throws IOException {
        JsonNode root = JsonMapper.builder()
                .build()
                .readTree(VerdictFormat.JSON.format(new CheckReport("3.0.0", VERDICTS, List.of())));

        assertEquals("3.0.0", root.path("ruleset").textValue());
        JsonNode log = root.path("logs").path(1);
        assertFalse(log.path("passed").booleanValue());
        assertEquals(7, log.path("violations").path(0).path("line").longValue());
        assertFalse(log.path("violations").path(1).has("line"));
    }
}
