package org.mlhpc.rules;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The rule tables of one round. */
public final class RuleSet {
    /** The rulesets of the published rounds: the first two of v0.7, the others of v1.0, v2.0 and v3.0. */
    private static final List<String> NAMES = List.of("0.5.0", "0.5.0-strict", "1.0.0", "2.0.0", "3.0.0");

    private static final List<String> FILES =
            List.of("common.json", "cosmoflow.json", "deepcam.json", "oc20.json", "openfold.json");

    private final String name;
    private final List<RuleTable> tables;

    private RuleSet(String name, List<RuleTable> tables) {
        this.name = name;
        this.tables = tables;
    }

    public static List<String> names() {
        return NAMES;
    }

    /** The name of the rules of the last round. */
    public static String newest() {
        return NAMES.get(NAMES.size() - 1);
    }

    /**
     * Reads the tables of a ruleset.
     *
     * @throws IllegalArgumentException if there is no such ruleset
     */
    public static RuleSet of(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("no ruleset '" + name + "'; choose one of " + String.join(", ", NAMES));
        }
        var tables = new ArrayList<RuleTable>();
        for (String file : FILES) {
            for (RuleTable table : read(file)) {
                if (table.rulesets().contains(name)) {
                    tables.add(table.in(name));
                }
            }
        }
        return new RuleSet(name, List.copyOf(tables));
    }

    private static List<RuleTable> read(String file) {
        try (InputStream in = RuleSet.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the rule table " + file + " is not on the class path");
            }
            return JsonMapper.builder().build().readValue(in, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the rule table " + file, e);
        }
    }

    public String name() {
        return name;
    }

    /** Whether it is one of round v0.7, which had neither throughput, with its level of folders, nor checks of systems. */
    public boolean isOfFirstRound() {
        return name.startsWith("0.");
    }

    /** Whether the round has this benchmark. */
    public boolean hasBenchmark(String name) {
        JsonNode value = TextNode.valueOf(name);
        return tables.stream()
                .flatMap(table -> table.rules().stream())
                .filter(rule -> rule.key().equals("submission_benchmark"))
                .allMatch(rule -> rule.value() == null || rule.value().allows(value));
    }

    List<RuleTable> tables() {
        return tables;
    }
}
