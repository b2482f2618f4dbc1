package org.mlhpc.rules.pack;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mlhpc.results.RunRecord;

/** What a submission says about its programs: how the runs were made, so that others can make them again. */
final class ImplementationFiles {
    private static final String IMPLEMENTATION = "mlhpc";

    private final PackageRequest request;
    private final PackagedRuns runs;

    ImplementationFiles(PackageRequest request, PackagedRuns runs) {
        this.request = request;
        this.runs = runs;
    }

    /** Writes a text to a file. */
    interface Writer {
        void write(Path file, String text) throws IOException;
    }

    void write(Path benchmarks, Writer out) throws IOException {
        Path benchmark = benchmarks.resolve(runs.benchmark());
        out.write(benchmark.resolve("implementations").resolve(IMPLEMENTATION).resolve("README.md"), readme());
        Path system = benchmark.resolve(request.system());
        out.write(system.resolve(request.system() + "_" + IMPLEMENTATION + ".json"), implementation());
        out.write(system.resolve("README.md"), readme());
        out.write(system.resolve("setup.sh"), script("./mlhpc doctor"));
        out.write(system.resolve("init_datasets.sh"), script(initDatasets()));
        out.write(system.resolve("run_and_time.sh"), script(runAndTime()));
    }

    private static String script(String command) {
        return "#!/usr/bin/env bash\nset -euo pipefail\n" + command + "\n";
    }

    private String configuration() {
        return runs.records().isEmpty() ? "reference" : runs.records().get(0).configuration();
    }

    private String initDatasets() {
        return "./mlhpc data verify \"$DATADIR\"";
    }

    private String runAndTime() {
        return "./mlhpc run " + runs.benchmark() + " --config " + configuration() + " --runs "
                + runs.logs().size()
                + changedSettings().entrySet().stream()
                        .map(setting -> " --set '" + setting.getKey() + "=" + setting.getValue() + "'")
                        .collect(Collectors.joining());
    }

    /** Settings that the command lines of the runs gave. */
    private Map<String, String> changedSettings() {
        var changed = new TreeMap<String, String>();
        for (RunRecord record : runs.records()) {
            List<String> command = record.suite().command();
            for (int i = 0; i + 1 < command.size(); i++) {
                if (command.get(i).equals("--set") && command.get(i + 1).matches("[a-z0-9_]+=[^']*")) {
                    String[] pair = command.get(i + 1).split("=", 2);
                    changed.put(pair[0], pair[1]);
                }
            }
        }
        return changed;
    }

    private String readme() {
        var text = new StringBuilder("# " + runs.benchmark() + " with mlhpc on " + request.system() + "\n\n"
                + "Results that MLCommons has not reviewed are unverified.\n\n");
        runs.records().stream()
                .map(RunRecord::suite)
                .map(suite -> suite.version() + ", git revision " + suite.gitRevision())
                .distinct()
                .forEach(version ->
                        text.append("Program: mlhpc ").append(version).append(".\n\n"));
        if (!runs.records().isEmpty()) {
            text.append("| setting | value |\n| --- | --- |\n");
            new TreeMap<>(runs.records().get(0).settings())
                    .forEach((key, value) -> text.append("| " + key + " | " + value + " |\n"));
        }
        return text.toString();
    }

    private String implementation() throws IOException {
        var members = new LinkedHashMap<String, String>();
        members.put("starting_weights_filename", "none: initial values are drawn from the seed");
        members.put("weight_transformations", "none");
        members.put("weight_data_types", "fp32");
        members.put("input_data_types", "fp32");
        members.put("retraining", "no");
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(members) + "\n";
    }
}
