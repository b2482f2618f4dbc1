package org.mlhpc.roofline.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.mlhpc.roofline.WholeFile;

/**
 * Records of one kind as JSON files: keys in snake case, instants in ISO 8601, what is not known {@code null}.
 *
 * @param kind what the file holds, for messages: {@code a measured machine}
 * @param format the only version of the file that is read
 * @param fix how to get a new one, for messages
 * @param later members that earlier files lack, with what stands for them then
 */
public record JsonRecords<T>(
        Class<T> type, String kind, ToIntFunction<T> formatOf, int format, String fix, Map<String, Object> later) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Of files that have had all members from the first. */
    public JsonRecords(Class<T> type, String kind, ToIntFunction<T> formatOf, int format, String fix) {
        this(type, kind, formatOf, format, fix, Map.of());
    }

    /** The text of the file. */
    public String text(T value) {
        try {
            return JSON.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values cannot be written as JSON", e);
        }
    }

    /**
     * Reads a record out of the text of its file.
     *
     * @throws IOException if it is none; the message begins with {@code name} and ends with the fix
     */
    public T parse(String name, String text) throws IOException {
        T value;
        try {
            JsonNode tree = JSON.readTree(text);
            requireFormat(name, tree.path("format").asInt(format));
            value = JSON.treeToValue(complete(tree), type);
        } catch (ValueInstantiationException e) {
            throw new IOException(name + " is not " + kind + ": " + cause(e) + "; " + fix, e);
        } catch (JsonMappingException e) {
            throw new IOException(name + " is not " + kind + ": " + e.getOriginalMessage() + "; " + fix, e);
        } catch (JsonProcessingException e) {
            throw new IOException(name + " is not JSON: " + e.getOriginalMessage() + "; " + fix, e);
        }
        if (value == null) {
            throw new IOException(name + " is not " + kind + " of format " + format + "; " + fix);
        }
        requireFormat(name, formatOf.applyAsInt(value));
        return value;
    }

    /** Before the members are read, which other formats have too. */
    private void requireFormat(String name, int found) throws IOException {
        if (found != format) {
            throw new IOException(name + " is not " + kind + " of format " + format + ", but of " + found + "; " + fix);
        }
    }

    private JsonNode complete(JsonNode tree) {
        if (tree instanceof ObjectNode members) {
            later.forEach((member, value) -> members.putIfAbsent(member, JSON.valueToTree(value)));
        }
        return tree;
    }

    private static String cause(ValueInstantiationException e) {
        return String.valueOf(
                e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage());
    }

    /** @throws IOException if the file cannot be read or holds something else; the message names the file */
    public T read(Path file) throws IOException {
        return parse(file.toString(), WholeFile.read(file));
    }

    /** Writes {@code file} under a temporary name first. */
    public void write(Path file, T value) throws IOException {
        WholeFile.write(file, text(value));
    }

    /** Reads and writes such records, for files that need more than this class does. */
    public static JsonMapper mapper() {
        return JSON;
    }
}
