package org.mlhpc.results.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes small logs of runs with known times, for tests. */
public final class SampleLogs {
    private SampleLogs() {}

    /**
     * A run of CosmoFlow with 1000 training samples: 10 s of staging, then epochs with 20 s of training and 5 s of evaluation, then
     * 5 s. The last epoch reaches the target.
     */
    public static List<String> cosmoflow(int epochs, long batch) {
        return cosmoflow(epochs, batch, 20_000);
    }

    public static List<String> cosmoflow(int epochs, long batch, long trainMillis) {
        List<String> lines = new ArrayList<>();
        long time = 1_700_000_000_000L;
        lines.add(line(time, "submission_benchmark", "\"cosmoflow\"", ""));
        lines.add(line(time, "submission_division", "\"closed\"", ""));
        lines.add(line(time, "submission_platform", "\"test\"", ""));
        lines.add(line(time, "number_of_nodes", "2", ""));
        lines.add(line(time, "accelerators_per_node", "4", ""));
        lines.add(line(time, "global_batch_size", Long.toString(batch), ""));
        lines.add(line(time, "train_samples", "1000", ""));
        lines.add(line(time, "eval_samples", "100", ""));
        lines.add(line(time, "run_start", "null", ""));
        lines.add(line(time, "staging_start", "null", ""));
        time += 10_000;
        lines.add(line(time, "staging_stop", "null", ""));
        for (int epoch = 1; epoch <= epochs; epoch++) {
            String number = ", \"epoch_num\": " + epoch;
            lines.add(line(time, "epoch_start", "null", number));
            time += trainMillis;
            lines.add(line(time, "eval_start", "null", number));
            time += 5_000;
            lines.add(line(time, "eval_stop", "null", number));
            lines.add(line(time, "epoch_stop", "null", number));
            lines.add(line(time, "eval_error", epoch == epochs ? "0.12" : "0.3", number));
        }
        time += 5_000;
        lines.add(line(time, "run_stop", "null", ", \"status\": \"success\""));
        return lines;
    }

    public static void write(Path file, List<String> lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    private static String line(long time, String key, String value, String metadata) {
        return String.format(
                Locale.ROOT,
                ":::MLLOG {\"namespace\": \"\", \"time_ms\": %d, \"event_type\": \"POINT_IN_TIME\", \"key\": \"%s\","
                        + " \"value\": %s, \"metadata\": {\"file\": \"t.py\", \"lineno\": 1%s}}",
                time,
                key,
                value,
                metadata);
    }
}
