package org.mlhpc.rules;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table: what the rules say about the lines with one key.
 *
 * @param lines how many lines; null: any number
 * @param or another key whose lines count too
 * @param value the limit of every value
 * @param reached the limit that at least one value must keep
 * @param metadata members that must be there
 * @param metadataValues limits of members, where they are there
 * @param after keys that must have come before
 * @param before keys that must not have come yet
 * @param within the time after another key
 * @param event the event type that is meant; the official checker does not look at it
 * @param warning whether the official checker does not ask for this
 * @param rulesets rulesets that have this row; null: those of the table
 * @param section where the rules say so; null: that of the table
 * @param change what to do about a wrong value; null: that of the table
 */
record Rule(
        String key,
        @Nullable Lines lines,
        @Nullable String or,
        @Nullable Limit value,
        @Nullable Limit reached,
        @Nullable List<String> metadata,
        @Nullable Map<String, Limit> metadataValues,
        @Nullable List<String> after,
        @Nullable List<String> before,
        @Nullable Within within,
        @Nullable EventType event,
        boolean warning,
        @Nullable List<String> rulesets,
        @Nullable String section,
        @Nullable String change) {
    /** How many lines there must be. */
    enum Lines {
        /** Exactly one; more with equal values are tolerated. */
        @JsonProperty("one")
        ONE,
        /** One or more. */
        @JsonProperty("some")
        SOME
    }

    /** The three event types of the log format. */
    enum EventType {
        @JsonProperty("INTERVAL_START")
        INTERVAL_START,
        @JsonProperty("INTERVAL_END")
        INTERVAL_END,
        @JsonProperty("POINT_IN_TIME")
        POINT_IN_TIME
    }

    /** A line must come less than {@code minutes} after the earliest line with the key {@code first}. */
    record Within(String first, double minutes) {}

    Violation.Severity severity() {
        return warning ? Violation.Severity.WARNING : Violation.Severity.ERROR;
    }

    /** Whether it is about a value that is known before the first epoch, rather than a measured one. */
    boolean isSetting() {
        return event == EventType.POINT_IN_TIME && reached == null;
    }

    boolean appliesIn(String ruleset) {
        return rulesets == null || rulesets.contains(ruleset);
    }
}
