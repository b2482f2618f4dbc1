package org.mlhpc.harness.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;

/** The workloads on the class path. */
final class Workloads {
    private Workloads() {}

    static List<Workload<?>> all() {
        return ServiceLoader.load(Workload.class).stream()
                .<Workload<?>>map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Workload::name))
                .toList();
    }

    /** @throws IllegalArgumentException if there is none of this name; the message lists those there are */
    static Workload<?> named(String name) {
        return all().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload '" + name + "'; choose one of "
                        + String.join(", ", all().stream().map(Workload::name).toList())));
    }

    /** The configuration's settings changed by those of the command line; an empty configuration is the default one. */
    static Settings settings(Workload<?> workload, String configuration, Map<String, String> changes) {
        return workload.settings(configuration(workload, configuration)).with(new TreeMap<>(changes));
    }

    static String configuration(Workload<?> workload, String configuration) {
        return configuration.isEmpty() ? workload.configurations().get(0) : configuration;
    }
}
