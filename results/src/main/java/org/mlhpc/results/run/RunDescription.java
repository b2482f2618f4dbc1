package org.mlhpc.results.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.RunResultReader;

/**
 * What a run was told, where it ran, and what came out, each by name.
 *
 * @param recorded whether it is from a record; else it is from the log alone
 * @param numbers with units in their names
 */
public record RunDescription(
        String name,
        boolean recorded,
        Map<String, String> configuration,
        Map<String, String> environment,
        Map<String, Double> numbers) {
    private static final Set<String> ENVIRONMENT_KEYS = Set.of(
            "submission_org",
            "submission_platform",
            "submission_status",
            "number_of_nodes",
            "number_of_ranks",
            "accelerators_per_node");

    /** The description from the record where there is one. */
    public static RunDescription ofRecord(String name, RunRecord run) {
        JsonNode json = RunRecordFile.tree(run);
        var configuration = new LinkedHashMap<String, String>();
        for (String member : List.of("workload", "configuration", "division", "seed")) {
            configuration.put(member, json.path(member).asText());
        }
        flatten("target", json.path("target"), configuration);
        configuration.putAll(run.settings());
        var environment = new LinkedHashMap<String, String>();
        flatten("", json.path("machine"), environment);
        flatten("suite", json.path("suite"), environment);
        run.staging().ifPresent(staging -> environment.put("staging strategy", staging.strategy()));
        return new RunDescription(name, true, configuration, environment, numbers(run));
    }

    private static void flatten(String prefix, JsonNode object, Map<String, String> into) {
        object.properties()
                .forEach(member -> into.put(
                        (prefix.isEmpty() ? "" : prefix + " ") + member.getKey(),
                        member.getValue().isValueNode()
                                ? member.getValue().asText()
                                : member.getValue().toString()));
    }

    private static Map<String, Double> numbers(RunRecord run) {
        var numbers = new LinkedHashMap<String, Double>();
        numbers.put("run_seconds", run.runSeconds());
        numbers.put("wall_seconds", run.wallSeconds());
        numbers.put("epochs", (double) run.epochs().size());
        if (!run.epochs().isEmpty()) {
            numbers.put(
                    "final " + run.target().metric(),
                    run.epochs().get(run.epochs().size() - 1).quality());
            double samples = run.epochs().stream()
                    .mapToDouble(RunRecord.Epoch::trainSamples)
                    .sum();
            double seconds = run.epochs().stream()
                    .mapToDouble(RunRecord.Epoch::trainSeconds)
                    .sum();
            numbers.put("train_samples_per_s", samples / seconds);
        }
        run.phases().forEach((phase, seconds) -> numbers.put(phase + " seconds", seconds));
        return numbers;
    }

    /** The description from a log alone. */
    public static RunDescription ofLog(String name, Path log) throws IOException {
        RunResult run = RunResultReader.read(log);
        var configuration = new LinkedHashMap<String, String>();
        var environment = new LinkedHashMap<String, String>();
        LoggedValues.of(log).forEach((key, value) -> (ENVIRONMENT_KEYS.contains(key) ? environment : configuration)
                .put(key, value));
        return new RunDescription(name, false, configuration, environment, numbers(run));
    }

    private static Map<String, Double> numbers(RunResult run) {
        var numbers = new LinkedHashMap<String, Double>();
        put(numbers, "run minutes", run.minutes());
        run.staging().ifPresent(staging -> numbers.put("staging minutes", staging.minutes()));
        put(numbers, "training minutes", run.trainMinutes());
        put(numbers, "evaluation minutes", run.evalMinutes());
        put(numbers, "samples to converge", run.samplesToConverge());
        put(numbers, "train_samples_per_s", run.trainSamplesPerSecond());
        if (!run.evaluations().isEmpty()) {
            numbers.put(
                    "final quality",
                    run.evaluations().get(run.evaluations().size() - 1).quality());
        }
        return numbers;
    }

    private static void put(Map<String, Double> numbers, String name, OptionalDouble number) {
        if (number.isPresent()) {
            numbers.put(name, number.getAsDouble());
        }
    }
}
