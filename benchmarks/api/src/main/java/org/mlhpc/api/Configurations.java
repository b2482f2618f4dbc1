package org.mlhpc.api;

import java.util.List;

/**
 * The configurations of a workload: {@code <workload>.properties} beside its class is {@link #REFERENCE}, and
 * {@code <workload>-<configuration>.properties} changes some of its settings.
 *
 * @param names smallest first
 */
public record Configurations(Class<?> anchor, String workload, List<String> names) {
    /** Name of the one that every workload has. */
    public static final String REFERENCE = "reference";

    public Configurations {
        names = List.copyOf(names);
    }

    /** The settings of the reference. */
    public Settings reference() {
        return Settings.load(anchor, workload + ".properties");
    }

    /** See {@link Workload#settings}. */
    public Settings settings(String configuration) {
        if (!names.contains(configuration)) {
            throw new IllegalArgumentException(workload + " has no configuration '" + configuration
                    + "'; choose one of " + String.join(", ", names));
        }
        return configuration.equals(REFERENCE)
                ? reference()
                : reference().overlay(anchor, workload + "-" + configuration + ".properties");
    }
}
