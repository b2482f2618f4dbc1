package org.mlhpc.results.tree;

/** What a set of runs is submitted for, and the folder that says so. */
public enum Metric {
    TIME_TO_TRAIN("strong", "time to train", "minutes"),
    THROUGHPUT("weak", "throughput", "models per minute");

    private final String folder;
    private final String label;
    private final String unit;

    Metric(String folder, String label, String unit) {
        this.folder = folder;
        this.label = label;
        this.unit = unit;
    }

    public String folder() {
        return folder;
    }

    public String label() {
        return label;
    }

    public String unit() {
        return unit;
    }
}
