package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckCommandTest {
    /** An open CosmoFlow log with all that the rules ask for, but without a seed, which only --strict asks for. */
    private static final String EVENTS =
            """
            init_start INTERVAL_START null
            cache_clear POINT_IN_TIME true
            submission_benchmark POINT_IN_TIME "cosmoflow"
            submission_division POINT_IN_TIME "open"
            submission_org POINT_IN_TIME "nobody"
            submission_status POINT_IN_TIME "research"
            submission_platform POINT_IN_TIME "laptop"
            init_stop INTERVAL_END null
            run_start INTERVAL_START null
            staging_start INTERVAL_START null
            staging_stop INTERVAL_END null
            train_samples POINT_IN_TIME 8
            eval_samples POINT_IN_TIME 8
            epoch_start INTERVAL_START null
            eval_start INTERVAL_START null
            eval_stop INTERVAL_END null
            epoch_stop INTERVAL_END null
            eval_error POINT_IN_TIME 0.1
            run_stop INTERVAL_END null
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeLogs() throws IOException {
        var good = new StringBuilder();
        EVENTS.lines().map(line -> line.split(" ", -1)).forEach(event -> good.append(":::MLLOG {\"namespace\":\"\",")
                .append("\"time_ms\":1700000000000,\"event_type\":\"" + event[1] + "\",\"key\":\"" + event[0])
                .append("\",\"value\":" + event[2] + ",\"metadata\":{\"file\":\"a\",\"lineno\":1,\"epoch_num\":1,")
                .append("\"status\":\"success\"}}\n"));
        Files.writeString(Files.createDirectories(folder.resolve("good")).resolve("result_0.txt"), good);
        Files.writeString(
                Files.createDirectories(folder.resolve("bad")).resolve("result_0.txt"),
                good.toString().replace("run_stop", "run_end"));
        Files.createDirectories(folder.resolve("empty"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, good, --ruleset=3.0.0",
        "0, good/result_0.txt, --format=json",
        "1, good, --strict",
        "1, bad, --format=csv",
        "2, good, --ruleset=0.7.0",
        "2, good, --format=xml",
        "3, nosuch, --strict",
        "3, empty, --strict"
    })
    void theExitCodeTellsViolationsUsageAndInputApart(int code, String path, String option) {
        assertEquals(
                code,
                Captured.of("check", folder.resolve(path).toString(), option).code());
    }

    @Test
    void oneBadLogAmongGoodOnesFails() {
        assertEquals(
                Main.FAILED,
                Captured.of(
                                "check",
                                folder.resolve("good").toString(),
                                folder.resolve("bad").toString())
                        .code());
    }
}
