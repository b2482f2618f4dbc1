package org.mlhpc.harness.projection;

import java.util.Map;
import java.util.TreeMap;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;

/** Settings that decide what is learned. */
public final class LearnedSettings {
    private LearnedSettings() {}

    /**
     * Those of {@code settings} that do, by key: without those that change speed alone, and without batch size and precision, which
     * fits and predictions have apart.
     */
    public static Map<String, String> of(Workload<?> workload, Map<String, String> settings) {
        Map<String, String> learned = new TreeMap<>(settings);
        learned.keySet().removeAll(workload.speedSettings());
        learned.remove(Settings.GLOBAL_BATCH_SIZE);
        learned.remove(Settings.PRECISION);
        return learned;
    }

    /** Such as {@code base_lr=0.1, sample_size=32}. */
    static String inWords(Map<String, String> settings) {
        return String.join(
                ", ",
                settings.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }
}
