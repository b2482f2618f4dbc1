package org.mlhpc.staging.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A way to bring a data set to where a run reads it. */
public enum Strategy {
    /** Read from the shared file system in every epoch. */
    IN_PLACE("in place"),
    /** The whole data set to every node, which each reads by itself. */
    COPY("copy to each node"),
    /** Read once by the job and broadcast to every node. */
    FORWARD("read once and forward"),
    /** A part to each node, where only its ranks read it. */
    SHARD("a part to each node"),
    /** The whole data set to the memory of every node. */
    MEMORY("keep in memory");

    private final String label;

    Strategy(String label) {
        this.label = label;
    }

    /** What log and report call it. */
    public String label() {
        return label;
    }

    /** Its name on the command line, such as {@code in-place}. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is none of that name; the message lists those there are */
    public static Strategy of(String option) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.option().equals(option))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no staging strategy '" + option + "'; choose auto or one of "
                                + Arrays.stream(values()).map(Strategy::option).collect(Collectors.joining(", "))));
    }
}
