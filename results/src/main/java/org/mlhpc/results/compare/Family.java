package org.mlhpc.results.compare;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mlhpc.results.entry.Entry;

/** Results of one benchmark on one system, at whatever scale and in whatever round. */
record Family(String benchmark, String submitter, String generation) {
    private static final Pattern GENERATION = Pattern.compile("\\b[A-Z]+\\d{2,}[A-Z]*\\b");

    static Family of(Entry entry) {
        String submitter = entry.label().submitter().split("[/+]", 2)[0].strip();
        return new Family(
                entry.task().benchmark(),
                submitter,
                generationOf(entry.machine().model()));
    }

    /** The model's generation, as A100 in "NVIDIA A100-SXM4-80GB (400W)": its variants share a curve. */
    static String generationOf(String model) {
        Matcher matcher = GENERATION.matcher(model);
        return matcher.find() ? matcher.group() : model;
    }

    /** Submitter and accelerator. */
    String system() {
        return submitter + ", " + generation;
    }
}
