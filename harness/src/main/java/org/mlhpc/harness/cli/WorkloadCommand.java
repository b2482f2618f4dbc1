package org.mlhpc.harness.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.harness.EngineStart;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Says what a workload is. */
@Command(name = "workload", description = "Shows a workload, or writes its initial weights.")
final class WorkloadCommand implements Runnable {
    private static final double GIGA = 1e9;

    @CommandLine.Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "choose show or export-weights");
    }

    @Command(name = "show", description = "Prints model, cost, target and settings of a workload.")
    int show(
            @Mixin WorkloadOptions options,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            description = "text, json, or csv (the layers); default: ${DEFAULT-VALUE}.",
                            defaultValue = "text")
                    Format format)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Settings settings = options.settings();
        WorkloadSpec facts = options.workload().spec(settings);
        out.print(
                switch (format) {
                    case TEXT -> text(options, settings, facts);
                    case JSON -> json(options, settings, facts);
                    case CSV -> layers(facts).format(format);
                });
        out.flush();
        return 0;
    }

    private static String json(WorkloadOptions options, Settings settings, WorkloadSpec facts)
            throws JsonProcessingException {
        var members = new LinkedHashMap<String, Object>();
        members.put("workload", options.workload().name());
        members.put("configuration", options.configuration());
        members.put("parameters", facts.parameters());
        members.put("forward_flop_per_sample", facts.forwardFlopPerSample());
        members.put("train_flop_per_sample", facts.trainFlopPerSample());
        members.put("target", facts.target().toString());
        members.put("max_epochs", facts.maxEpochs());
        members.put("closed_division_obstacles", facts.unclosed());
        members.put("layers", facts.layers());
        members.put("settings", settings.asMap());
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(members) + "\n";
    }

    private static Table layers(WorkloadSpec facts) {
        var table = new Table("layer", "output", "parameters", "forward_multiply_adds");
        for (WorkloadSpec.Layer layer : facts.layers()) {
            table.row(layer.name(), layer.output().toString(), layer.parameters(), layer.forwardMultiplyAdds());
        }
        return table;
    }

    private static String text(WorkloadOptions options, Settings settings, WorkloadSpec facts) {
        var text = new StringBuilder();
        line(text, "%s, configuration %s", options.workload().name(), options.configuration());
        line(text, "parameters        %,d", facts.parameters());
        line(text, "forward           %.4g GFLOP per sample", facts.forwardFlopPerSample() / GIGA);
        line(text, "training          %.4g GFLOP per sample", facts.trainFlopPerSample() / GIGA);
        line(text, "target            %s, at most %d epochs", facts.target(), facts.maxEpochs());
        line(text, "division          %s", facts.unclosed().isEmpty() ? "closed, with the published data" : "open");
        facts.unclosed().forEach(reason -> line(text, "                  because %s", reason));
        line(text, "%n%-12s %-20s %12s %18s", "layer", "output", "parameters", "multiply-adds");
        facts.layers()
                .forEach(layer -> line(
                        text,
                        "%-12s %-20s %,12d %,18d",
                        layer.name(),
                        layer.output(),
                        layer.parameters(),
                        layer.forwardMultiplyAdds()));
        line(text, "%nsettings (change with --set key=value)");
        settings.asMap().forEach((key, value) -> line(text, "  %s = %s", key, value));
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    @Command(
            name = "export-weights",
            description = "Writes the initial weights as Safetensors, under the reference's names and in its shapes.")
    int exportWeights(
            @Mixin WorkloadOptions options,
            @Option(
                            names = "--seed",
                            paramLabel = "N",
                            description = "Seed of the weights; default: ${DEFAULT-VALUE}.",
                            defaultValue = "0")
                    long seed,
            @Option(names = "--out", paramLabel = "FILE", description = "File to write.", required = true) Path file)
            throws IOException {
        var context = new RunContext(new LocalCommunicator(), options.settings(), seed, PhaseClock.none(), 1);
        EngineStart.alone();
        try (Trainer<?> trainer = options.workload().newTrainer(context)) {
            trainer.exportWeights(file);
        }
        return 0;
    }
}
