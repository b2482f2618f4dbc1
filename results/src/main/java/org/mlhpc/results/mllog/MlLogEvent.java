package org.mlhpc.results.mllog;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One event of a log. Its members may have any JSON type, because published logs take liberties; only {@code time_ms} is
 * known to be a number, or a text that is one.
 *
 * @param timeMillis since 1970
 * @param json the whole object, with at least the members time_ms, key, value and metadata
 */
public record MlLogEvent(long line, double timeMillis, JsonNode json) implements MlLogLine {
    /** The key; if it is not a text, its JSON, which is no key of any rule. */
    public String key() {
        JsonNode key = json.path("key");
        return key.isTextual() ? key.textValue() : key.toString();
    }

    public JsonNode value() {
        return json.path("value");
    }

    public JsonNode metadata() {
        return json.path("metadata");
    }
}
