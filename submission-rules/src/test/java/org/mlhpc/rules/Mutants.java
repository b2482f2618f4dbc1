package org.mlhpc.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** All logs that differ from a given one in one place: a line dropped, doubled or moved, a member changed, a line broken. */
final class Mutants {
    private static final String TOKEN = ":::MLLOG ";
    private static final long HALF_AN_HOUR_MILLIS = 30 * 60 * 1000;

    /** NaN is written as published logs have it. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private static final List<String> VALUES = List.of(
            "null",
            "\"\"",
            "\"x\"",
            "\"xy\"",
            "0",
            "-1",
            "1",
            "0.5",
            "1e9",
            "true",
            "false",
            "[]",
            "[1,2]",
            "[[1]]",
            "{}",
            "{\"a\":1,\"b\":2}",
            "NaN",
            "Infinity",
            "123456789012345678901234567890");
    private static final List<String> METADATA = List.of(
            "null", "5", "[]", "{}", "[\"epoch_num\",\"status\"]", "\"epoch_num status\"", "{\"epoch_num\":\"1\"}");
    private static final List<String> MEMBER_VALUES = List.of("null", "\"1\"", "0", "1.5", "\"aborted\"", "[]");
    private static final List<String> TIMES =
            List.of("\"1700000000000\"", "\"soon\"", "null", "[]", "true", "0", "1.5", "NaN");

    private final List<String> model;
    private final List<List<String>> mutants = new ArrayList<>();

    private Mutants(List<String> model) {
        this.model = model;
    }

    /** The mutants of a log, always in the same order. */
    static List<List<String>> of(List<String> model) {
        var mutants = new Mutants(model);
        for (int i = 0; i < model.size(); i++) {
            mutants.mutateLine(i);
            mutants.mutateText(i);
            mutants.mutateObject(i);
        }
        return mutants.mutants;
    }

    /**
     * Some mutants of a log that may have thousands of lines, with other text between the events. Each second one differs
     * from the log in two places.
     *
     * @param seed decides which
     */
    static List<List<String>> sample(List<String> log, int count, long seed) {
        var random = new Random(seed);
        var sample = new ArrayList<List<String>>();
        while (sample.size() < count) {
            List<String> mutant = ofOneLine(log, random);
            sample.add(sample.size() % 2 == 0 ? mutant : ofOneLine(mutant, random));
        }
        return sample;
    }

    private static List<String> ofOneLine(List<String> log, Random random) {
        int i = random.nextInt(log.size());
        while (!isEvent(log.get(i))) {
            i = random.nextInt(log.size());
        }
        var mutants = new Mutants(log);
        mutants.mutateLine(i);
        mutants.mutateText(i);
        mutants.mutateObject(i);
        return mutants.mutants.get(random.nextInt(mutants.mutants.size()));
    }

    private static boolean isEvent(String line) {
        if (!line.startsWith(TOKEN)) {
            return false;
        }
        try {
            JsonNode json = JSON.readTree(line.substring(TOKEN.length()));
            return json.isObject() && json.path("metadata").isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private void mutateLine(int i) {
        add(lines -> lines.remove(i));
        add(lines -> lines.add(i, lines.get(i)));
        add(lines -> lines.add(lines.get(i)));
        add(lines -> lines.add(0, lines.remove(i)));
        add(lines -> lines.add(lines.remove(i)));
        add(lines -> lines.add(i + 1, with(i, "value", read("\"another\""))));
        add(lines -> lines.add(i, with(i, "value", read("[1.0, {\"a\": null}]"))));
    }

    private void mutateText(int i) {
        String line = model.get(i);
        replace(i, line.substring(0, line.length() - 1));
        replace(i, line + "x");
        replace(i, line + TOKEN);
        replace(i, "0: " + TOKEN + "{} " + line + "  ");
        replace(i, line.substring(TOKEN.length()));
        replace(i, TOKEN + "5");
        replace(i, TOKEN);
        replace(i, line.replace("\"value\":", "\"value\":\u0007"));
        replace(i, line.replaceFirst(",", "\r,"));
        replace(i, line.replace("\"file\":\"", "\"file\":\"\u00e9\\u00e9"));
    }

    private void mutateObject(int i) {
        ObjectNode event = event(i);
        VALUES.forEach(value -> replace(i, with(i, "value", read(value))));
        mutateNumber(i, event.path("value"));
        METADATA.forEach(metadata -> replace(i, with(i, "metadata", read(metadata))));
        event.path("metadata").fieldNames().forEachRemaining(member -> {
            replace(i, withMetadata(i, metadata -> metadata.remove(member)));
            MEMBER_VALUES.forEach(value -> replace(i, withMetadata(i, metadata -> metadata.set(member, read(value)))));
        });
        TIMES.forEach(time -> replace(i, with(i, "time_ms", read(time))));
        replace(i, with(i, "time_ms", read("" + (event.path("time_ms").longValue() + HALF_AN_HOUR_MILLIS))));
        event.fieldNames().forEachRemaining(member -> replace(i, without(i, member)));
        for (String type : List.of("\"INTERVAL_START\"", "\"INTERVAL_END\"", "\"POINT_IN_TIME\"", "\"OTHER\"", "1")) {
            replace(i, with(i, "event_type", read(type)));
        }
        for (String key : List.of("\"unknown\"", "5", "[\"seed\"]", "null", "\"epoch_start\"", "\"block_start\"")) {
            replace(i, with(i, "key", read(key)));
        }
    }

    /** Values just beside the one there, which often is a limit, and the same number in other dress. */
    private void mutateNumber(int i, JsonNode value) {
        if (value.isNumber()) {
            double v = value.doubleValue();
            for (double other :
                    new double[] {Math.nextUp(v), Math.nextDown(v), -v, v, v * (1 + 1e-8), v * (1 + 1e-10)}) {
                replace(i, with(i, "value", read(String.valueOf(other))));
            }
            replace(i, with(i, "value", read('"' + value.toString() + '"')));
            replace(i, with(i, "value", read('[' + value.toString() + ']')));
        } else if (value.isTextual()) {
            replace(i, with(i, "value", read(value.toString().toUpperCase(Locale.ROOT))));
            replace(i, with(i, "value", read(value.toString().toLowerCase(Locale.ROOT))));
            replace(i, with(i, "value", read('[' + value.toString() + ']')));
        }
    }

    private void add(Consumer<List<String>> mutation) {
        var lines = new ArrayList<>(model);
        mutation.accept(lines);
        mutants.add(lines);
    }

    private void replace(int i, String line) {
        add(lines -> lines.set(i, line));
    }

    private ObjectNode event(int i) {
        return (ObjectNode) read(model.get(i).substring(TOKEN.length()));
    }

    private String with(int i, String member, JsonNode value) {
        ObjectNode event = event(i);
        event.set(member, value);
        return written(event);
    }

    private String without(int i, String member) {
        ObjectNode event = event(i);
        event.remove(member);
        return written(event);
    }

    private String withMetadata(int i, Consumer<ObjectNode> change) {
        ObjectNode event = event(i);
        change.accept((ObjectNode) event.path("metadata"));
        return written(event);
    }

    private static String written(ObjectNode event) {
        try {
            return TOKEN + JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(json, e);
        }
    }

    /**
     * Writes all mutants of all model logs into a folder, for record_verdicts.py: a form feed ends each mutant. With a second
     * argument, the folder of the published logs, writes instead those of {@link PublishedMutants}.
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        if (arguments.length > 1) {
            for (PublishedMutants mutants : PublishedMutants.all()) {
                write(folder.resolve(mutants.name().replace(' ', '_')), mutants.of(Path.of(arguments[1])));
            }
            return;
        }
        for (ModelLog log : ModelLog.all().toList()) {
            write(folder.resolve(log.toString().replace(' ', '_')), of(log.lines()));
        }
    }

    private static void write(Path file, List<List<String>> mutants) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
            for (List<String> mutant : mutants) {
                out.write(String.join("\n", mutant) + "\n\f\n");
            }
        }
    }
}
