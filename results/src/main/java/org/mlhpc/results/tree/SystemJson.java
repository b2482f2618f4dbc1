package org.mlhpc.results.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.mlhpc.roofline.WholeFile;

/**
 * The file of a system description, whoever has written it.
 *
 * @param members a JSON object
 * @param lines line of each member of the object, from 1
 * @param trailing line of what follows the object, where stricter readers stop; empty if nothing does
 */
public record SystemJson(JsonNode members, Map<String, Long> lines, OptionalLong trailing) {
    /** Far above the largest published one; bounds the memory that a file can take. */
    public static final int LARGEST_BYTES = 1 << 20;

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
     * @throws IOException if the file cannot be read; the message names it and what is wrong with it
     */
    public static SystemJson read(Path file) throws IOException {
        byte[] text = text(file);
        if (text.length > LARGEST_BYTES) {
            throw new Damaged(file, "more than " + LARGEST_BYTES + " bytes", 0);
        }
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.isObject()) {
                throw new Damaged(file, "no JSON object", 0);
            }
            try (JsonParser parser = JSON.createParser(text)) {
                return new SystemJson(json, lines(parser), trailing(parser));
            }
        } catch (JsonProcessingException e) {
            var damaged = new Damaged(file, "no JSON: " + e.getOriginalMessage(), line(e));
            damaged.initCause(e);
            throw damaged;
        }
    }

    /** Of a file that is too large, one byte more than is allowed. */
    private static byte[] text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LARGEST_BYTES + 1);
        } catch (IOException e) {
            throw WholeFile.unreadable(file, e);
        }
    }

    /** Reads the object and nothing behind it. */
    private static Map<String, Long> lines(JsonParser parser) throws IOException {
        var lines = new HashMap<String, Long>();
        int depth = 0;
        do {
            JsonToken token = parser.nextToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth == 1 && token == JsonToken.FIELD_NAME) {
                lines.put(parser.currentName(), (long)
                        parser.currentTokenLocation().getLineNr());
            }
        } while (depth > 0);
        return lines;
    }

    private static OptionalLong trailing(JsonParser parser) throws IOException {
        try {
            return parser.nextToken() == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(parser.currentTokenLocation().getLineNr());
        } catch (JsonProcessingException e) {
            return OptionalLong.of(line(e));
        }
    }

    private static long line(JsonProcessingException e) {
        return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    }
}
