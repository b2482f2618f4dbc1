package org.mlhpc.rules.pack;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mlhpc.results.RunRecord;

/**
 * What a submission says about its programs: how the runs were made, so that others can make them again. The folder
 * structure is that of the policies (submission_rules.adoc, "Directory structure").
 */
final class ImplementationFiles {
    private static final String IMPLEMENTATION = "mlhpc";
    private static final String SHELL = "#!/usr/bin/env bash\n";

    private final PackageRequest request;
    private final PackagedRuns runs;
    private final RunRecord first;

    ImplementationFiles(PackageRequest request, PackagedRuns runs) {
        this.request = request;
        this.runs = runs;
        this.first = runs.first();
    }

    void write(Path benchmarks, RedactedFolder out) throws IOException {
        Path benchmark = benchmarks.resolve(runs.benchmark());
        out.write(benchmark.resolve("implementations").resolve(IMPLEMENTATION).resolve("README.md"), programReadme());
        Path system = benchmark.resolve(request.system());
        out.write(system.resolve(request.system() + "_" + IMPLEMENTATION + ".json"), implementation());
        out.write(system.resolve("README.md"), readme());
        out.write(system.resolve("setup.sh"), setup());
        out.write(system.resolve("init_datasets.sh"), initDatasets());
        out.write(system.resolve("run_and_time.sh"), runAndTime());
    }

    private String programReadme() {
        return "# " + runs.benchmark() + " in mlhpc\n\nProgram: mlhpc " + runs.program() + ", engine "
                + first.machine().engine() + ".\nA checkout of this revision is all that the scripts of a system need; "
                + "its `benchmarks/" + runs.benchmark()
                + "` holds model, data format and settings.\n\n| fact | value |\n"
                + "| --- | --- |\n| trainable parameters | " + first.model().parameters()
                + " |\n| FLOP per training sample | " + first.model().trainFlopPerSample() + " |\n| target | "
                + first.target().metric() + (first.target().atMost() ? " <= " : " >= ")
                + first.target().threshold()
                + " |\n";
    }

    private String readme() {
        RunRecord.Machine machine = first.machine();
        var text = new StringBuilder("# " + runs.benchmark() + " on " + request.system() + "\n\n"
                + "Unverified: results that MLCommons has not reviewed.\n\n"
                + "    export MLHPC=folder-of-the-checkout DATADIR=folder-of-the-data\n"
                + "    ./setup.sh && ./init_datasets.sh && ./run_and_time.sh\n\n"
                + machine.nodes() + " node(s), " + machine.ranks() + " rank(s) of " + machine.threadsPerRank()
                + " thread(s). " + machine.jdk() + (machine.mpi().isEmpty() ? "" : ", " + machine.mpi()) + ", "
                + machine.engine() + (machine.allocator().isEmpty() ? "" : ", " + machine.allocator()) + ".\n\n");
        if (isSynthetic()) {
            text.append("The data are synthetic: `init_datasets.sh` generates them.\n\n");
        }
        text.append("| setting | value |\n| --- | --- |\n");
        new TreeMap<>(first.settings()).forEach((key, value) -> text.append("| " + key + " | " + value + " |\n"));
        text.append("\n| log | seed | epochs | seconds |\n| --- | ---: | ---: | ---: |\n");
        for (int i = 0; i < runs.counted().size(); i++) {
            RunRecord run = runs.counted().get(i).record();
            text.append("| result_" + i + ".txt | " + run.seed() + " | "
                    + run.epochs().size() + " | " + run.runSeconds() + " |\n");
        }
        return text.toString();
    }

    private boolean isSynthetic() {
        return first.notes().contains(RunRecord.SYNTHETIC);
    }

    private String setup() {
        return SHELL
                + "# Checks that the program is the one of the submitted runs, and that the machine has what it needs.\n"
                + "set -euo pipefail\ncd \"${MLHPC:?set it to a checkout of mlhpc}\"\n"
                + "revision=" + quoted(first.suite().gitRevision()) + "\n"
                + "[[ $(git rev-parse HEAD 2>/dev/null) == \"$revision\"* ]] ||\n"
                + "    echo \"the submitted runs are of revision $revision\" >&2\n"
                + "./mlhpc doctor\n";
    }

    private String initDatasets() {
        return SHELL + "set -euo pipefail\nmlhpc=${MLHPC:?set it to a checkout of mlhpc}/mlhpc\n"
                + "data=${DATADIR:?set it to a folder that all nodes read}\n"
                + (isSynthetic()
                        ? "\"$mlhpc\" data generate " + runs.benchmark() + " --config " + quoted(first.configuration())
                                + settings() + " \\\n    --out \"$data\"\n"
                        : "# The published data set, in its published format.\n\"$mlhpc\" data verify \"$data\"\n");
    }

    private String runAndTime() {
        String seeds = runs.all().stream()
                .map(run -> String.valueOf(run.record().seed()))
                .collect(Collectors.joining(" "));
        return SHELL + "# Trains with the settings and seeds of the submitted runs, each into a folder of its own.\n"
                + "set -euo pipefail\nmlhpc=${MLHPC:?set it to a checkout of mlhpc}/mlhpc\n"
                + "data=${DATADIR:?set it to the folder that init_datasets.sh was given}\nout=${OUT:-runs}\n"
                + "export OMP_NUM_THREADS=" + first.machine().threadsPerRank() + "\n"
                + "for seed in " + seeds + "; do\n"
                + "    \"$mlhpc\" run " + runs.benchmark() + " --config " + quoted(first.configuration()) + " --ranks "
                + first.machine().ranks() + " --division " + quoted(runs.division())
                + " --org " + quoted(request.organisation()) + " --platform " + quoted(request.system())
                + " --data \"$data\""
                + settings().replace("\n    ", "\n        ")
                + " \\\n        --seed \"$seed\" --out \"$out/seed-$seed\"\n"
                + "done\n";
    }

    /** Every setting, so that other defaults of a later version do not matter. */
    private String settings() {
        return new TreeMap<>(first.settings())
                .entrySet().stream()
                        .map(setting -> " \\\n    --set " + quoted(setting.getKey() + "=" + setting.getValue()))
                        .collect(Collectors.joining());
    }

    /** As one word of a shell. */
    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_.=/+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private String implementation() throws IOException {
        List<String> command = first.suite().command();
        int weights = command.indexOf("--init-weights");
        String precision = first.settings().getOrDefault("precision", "unknown");
        var members = new LinkedHashMap<String, String>();
        members.put(
                "starting_weights_filename",
                weights >= 0 && weights + 1 < command.size()
                        ? String.valueOf(Path.of(command.get(weights + 1)).getFileName())
                        : "none: initial values are drawn from the seed");
        members.put("weight_transformations", "none");
        members.put("weight_data_types", precision.equals("fp32") ? precision : "fp32, used as " + precision);
        members.put("input_data_types", precision);
        members.put("retraining", "no");
        return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(members) + "\n";
    }
}
