package org.mlhpc.harness.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.mlhpc.api.Settings;
import org.mlhpc.harness.projection.Sweep;
import picocli.CommandLine.TypeConversionException;

/**
 * All combinations of what a sweep varies, as the options of the command have them.
 *
 * @param layouts ranks x threads
 * @param varied lists of values by key, with commas
 * @param limits rates or {@code none}
 * @param repetitions runs of each combination
 */
record SweepGrid(
        List<String> layouts, Map<String, String> varied, List<Long> batches, List<String> limits, int repetitions) {
    /** Of the order: the same each time, so that a sweep that goes on does so with the run that comes next. */
    private static final long SEED = 1;

    /**
     * In an order that has nothing to do with what differs: a machine that gets slower with the hours would otherwise make the
     * last layout slower.
     *
     * @throws IllegalArgumentException if an option is wrong or there is no combination; the message names the option
     */
    List<Sweep.Setting> settings() {
        requireSense();
        var settings = new ArrayList<Sweep.Setting>();
        for (String layout : layouts) {
            if (!layout.matches("[1-9]\\d{0,5}x[1-9]\\d{0,5}")) {
                throw new IllegalArgumentException("--layouts " + layout + " is not RANKSxTHREADS such as 2x1");
            }
            String[] numbers = layout.split("x", -1);
            int ranks = Integer.parseInt(numbers[0]);
            int threads = Integer.parseInt(numbers[1]);
            batches.stream().filter(batch -> batch % ranks == 0).forEach(batch -> add(settings, ranks, threads, batch));
        }
        if (settings.isEmpty()) {
            throw new IllegalArgumentException("no batch of --batches can be shared by the ranks of --layouts");
        }
        Collections.shuffle(settings, new Random(SEED));
        return settings;
    }

    private void requireSense() {
        if (varied.containsKey(Settings.GLOBAL_BATCH_SIZE)) {
            throw new IllegalArgumentException(
                    "--vary " + Settings.GLOBAL_BATCH_SIZE + ": give batch sizes by --batches");
        }
        if (repetitions < 1) {
            throw new IllegalArgumentException("--repeat " + repetitions + " must be at least 1");
        }
        batches.stream().filter(batch -> batch < 1).findFirst().ifPresent(batch -> {
            throw new IllegalArgumentException("--batches " + batch + " must be at least 1");
        });
    }

    private void add(List<Sweep.Setting> settings, int ranks, int threads, long batch) {
        for (Map<String, String> combination : combinations(batch)) {
            for (String limit : limits) {
                for (int repetition = 1; repetition <= repetitions; repetition++) {
                    settings.add(new Sweep.Setting(ranks, threads, combination, rate(limit), repetition));
                }
            }
        }
    }

    private static Optional<Double> rate(String limit) {
        try {
            return limit.equals("none") ? Optional.empty() : Optional.of(new Rate().convert(limit));
        } catch (TypeConversionException e) {
            throw new IllegalArgumentException("--limits: " + e.getMessage(), e);
        }
    }

    private List<Map<String, String>> combinations(long batch) {
        List<Map<String, String>> combinations = List.of(Map.of(Settings.GLOBAL_BATCH_SIZE, Long.toString(batch)));
        for (Map.Entry<String, String> values : varied.entrySet()) {
            combinations =
                    multiplied(combinations, values.getKey(), values.getValue().split(",", -1));
        }
        return combinations;
    }

    private static List<Map<String, String>> multiplied(
            List<Map<String, String>> combinations, String key, String... values) {
        var all = new ArrayList<Map<String, String>>();
        for (Map<String, String> combination : combinations) {
            for (String value : values) {
                var further = new HashMap<>(combination);
                further.put(key, value);
                all.add(further);
            }
        }
        return all;
    }
}
