package org.mlhpc.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * Rules that apply together.
 *
 * @param table name, the first part of the identifiers of its rules
 * @param rulesets rulesets that have this table
 * @param when keys and what their values must be for the table to apply; empty: it always applies
 * @param section where the rules say so
 * @param change what to do about a wrong value
 * @param rules a stronger rule about a key and aspect replaces the one of an earlier table
 */
record RuleTable(
        String table,
        List<String> rulesets,
        Map<String, List<JsonNode>> when,
        String section,
        String change,
        List<Rule> rules) {
    /** The rows of one ruleset. */
    RuleTable in(String ruleset) {
        List<Rule> kept = rules.stream().filter(rule -> rule.appliesIn(ruleset)).toList();
        return new RuleTable(table, rulesets, when, section, change, kept);
    }

    /** @param values for each key its first value in the log */
    boolean applies(Map<String, JsonNode> values) {
        return when.entrySet().stream().allMatch(condition -> {
            JsonNode value = values.get(condition.getKey());
            return value != null && condition.getValue().stream().anyMatch(allowed -> JsonValues.same(allowed, value));
        });
    }

    String sectionOf(Rule rule) {
        return rule.section() == null ? section : rule.section();
    }

    String changeOf(Rule rule) {
        return rule.change() == null ? change : rule.change();
    }
}
