package org.mlhpc.results.mllog;

/**
 * A line that should hold an event and does not.
 *
 * @param fault what is wrong with it
 * @param detail the reason in words, with what stands there
 */
public record MalformedLine(long line, Fault fault, String detail) implements MlLogLine {
    /** Ways in which a line fails to be an event. */
    public enum Fault {
        /** Behind the token there is no JSON object. */
        JSON,
        /** One of time_ms, key, value, metadata is missing. */
        MEMBER,
        /** time_ms is no number. */
        TIME,
        /** The line is too long to be read. */
        LENGTH
    }
}
