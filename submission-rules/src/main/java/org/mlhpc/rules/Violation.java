package org.mlhpc.rules;

import java.util.OptionalLong;

/**
 * One breach of one rule in one log.
 *
 * @param rule identifier: table, key, aspect
 * @param section where the rules say so
 * @param file the log
 * @param line the line in it; empty if the log as a whole is meant
 * @param found what the log says
 * @param allowed what it may say
 * @param change what to do about it
 */
public record Violation(
        String rule,
        Severity severity,
        String section,
        String file,
        OptionalLong line,
        String found,
        String allowed,
        String change) {
    /** Whether a breach fails the log. */
    public enum Severity {
        /** The log fails. */
        ERROR,
        /** The official checker lets it pass, though the rules or later steps of a submission do not. */
        WARNING
    }

    /** The same, as an error. */
    public Violation asError() {
        return new Violation(rule, Severity.ERROR, section, file, line, found, allowed, change);
    }
}
