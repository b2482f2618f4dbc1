package org.mlhpc.results.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The file of a system description, whoever has written it.
 *
 * @param members a JSON object
 * @param lines line of each member of the object, from 1
 */
public record SystemJson(JsonNode members, Map<String, Long> lines) {
    /** Far above the largest published one; bounds the memory that a file can take. */
    public static final long LARGEST_BYTES = 1 << 20;

    private static final int DEEPEST = 20;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .build();

    /** A file that can be read and is no system description. */
    public static final class Damaged extends IOException {
        private static final long serialVersionUID = 1;

        private final String found;
        private final long line;

        private Damaged(Path file, String found, long line) {
            super(file + " is no system description: " + found);
            this.found = found;
            this.line = line;
        }

        /** What is there instead, in words. */
        public String found() {
            return found;
        }

        /** Where, from 1; empty if it is no place in the text. */
        public OptionalLong line() {
            return line > 0 ? OptionalLong.of(line) : OptionalLong.empty();
        }
    }

    /**
     * Reads a description.
     *
     * @throws Damaged if it is no JSON object, or too large; the message names the file
     * @throws IOException if the file cannot be read
     */
    public static SystemJson read(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > LARGEST_BYTES) {
            throw new Damaged(file, bytes + " bytes, more than " + LARGEST_BYTES, 0);
        }
        byte[] text = Files.readAllBytes(file);
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.isObject()) {
                throw new Damaged(file, "no JSON object", 0);
            }
            return new SystemJson(json, lines(text));
        } catch (JsonProcessingException e) {
            long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new Damaged(file, "no JSON: " + e.getOriginalMessage(), line);
        }
    }

    private static Map<String, Long> lines(byte[] text) throws IOException {
        var lines = new HashMap<String, Long>();
        try (JsonParser parser = JSON.createParser(text)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 1 && token == JsonToken.FIELD_NAME) {
                    lines.put(parser.currentName(), (long)
                            parser.currentTokenLocation().getLineNr());
                }
            }
        }
        return lines;
    }
}
