package org.mlhpc.harness.cli;

import java.util.Map;
import java.util.TreeMap;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which workload, in which configuration. */
final class WorkloadOptions {
    @Parameters(paramLabel = "WORKLOAD", description = "The workload; ./mlhpc list shows those there are.")
    private String name = "";

    @Option(
            names = "--config",
            paramLabel = "NAME",
            description = "Configuration; the smallest by default.",
            defaultValue = "")
    private String configuration = "";

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change a setting; may be repeated. ./mlhpc workload show lists them.")
    private Map<String, String> changes = new TreeMap<>();

    Workload<?> workload() {
        return Workloads.named(name);
    }

    String configuration() {
        return Workloads.configuration(workload(), configuration);
    }

    /** Settings changed on the command line. */
    Map<String, String> changes() {
        return changes;
    }

    Settings settings() {
        return Workloads.settings(workload(), configuration, changes);
    }
}
