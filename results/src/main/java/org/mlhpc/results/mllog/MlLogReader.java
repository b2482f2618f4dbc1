package org.mlhpc.results.mllog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads the events of a log, one at a time, from text that may hold other lines too. As the published readers do, it takes
 * the text for Latin-1, and of several tokens in a line the last one counts. What is broken becomes a value, so that one
 * bad line does not hide the rest.
 */
public final class MlLogReader implements Closeable {
    /** Far above any published line (a few kilobytes); bounds the memory that one line can take. */
    static final int LONGEST_LINE_BYTES = 1 << 20;

    private static final byte[] TOKEN = ":::MLLOG ".getBytes(StandardCharsets.ISO_8859_1);
    private static final List<String> MEMBERS = List.of("time_ms", "key", "value", "metadata");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final int SHOWN_CHARACTERS = 60;

    /** NaN and Infinity are no JSON, but the writers of published logs emit them and their readers take them. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_LINE_BYTES)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final InputStream in;
    private final LineScanner lines;

    /** Reads {@code in}, which {@link #close()} closes. */
    public MlLogReader(InputStream in) {
        this.in = in;
        this.lines = new LineScanner(in, LONGEST_LINE_BYTES);
    }

    /** Opens a file. */
    public static MlLogReader open(Path file) throws IOException {
        return new MlLogReader(Files.newInputStream(file));
    }

    /** The next line with the token; empty after the last. */
    public Optional<MlLogLine> next() throws IOException {
        while (lines.next()) {
            if (lines.cut()) {
                return Optional.of(new MalformedLine(
                        lines.number(),
                        MalformedLine.Fault.LENGTH,
                        "the line is longer than " + LONGEST_LINE_BYTES + " bytes"));
            }
            int token = lastToken(lines.bytes(), lines.length());
            if (token >= 0) {
                return Optional.of(parse(lines.number(), lines.bytes(), token + TOKEN.length, lines.length()));
            }
        }
        return Optional.empty();
    }

    private static int lastToken(byte[] line, int length) {
        for (int start = length - TOKEN.length; start >= 0; start--) {
            if (line[start] == TOKEN[0] && startsWithToken(line, start)) {
                return start;
            }
        }
        return -1;
    }

    private static boolean startsWithToken(byte[] line, int start) {
        for (int i = 0; i < TOKEN.length; i++) {
            if (line[start + i] != TOKEN[i]) {
                return false;
            }
        }
        return true;
    }

    /** ASCII, which most logs are, needs no detour over a text. */
    private static MlLogLine parse(long number, byte[] line, int start, int end) {
        if (isAscii(line, start, end)) {
            try {
                JsonNode json = JSON.readTree(line, start, end - start);
                return parse(number, json, () -> text(line, start, end));
            } catch (IOException e) {
                // Said once more below, in the words of the reader of texts.
                return parse(number, text(line, start, end));
            }
        }
        return parse(number, text(line, start, end));
    }

    /** Without NUL, by which a parser of bytes tells UTF-16. */
    private static boolean isAscii(byte[] line, int start, int end) {
        for (int i = start; i < end; i++) {
            if (line[i] <= 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] line, int start, int end) {
        return new String(line, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads what stands behind the token of a line.
     *
     * @param number position of the line in its file, from 1
     */
    public static MlLogLine parse(long number, String text) {
        try {
            return parse(number, JSON.readTree(text), () -> text);
        } catch (JsonProcessingException e) {
            return new MalformedLine(
                    number, MalformedLine.Fault.JSON, e.getOriginalMessage() + " in " + shortened(text));
        }
    }

    private static MlLogLine parse(long number, JsonNode json, Supplier<String> text) {
        if (!json.isObject()) {
            return new MalformedLine(number, MalformedLine.Fault.JSON, "no JSON object: " + shortened(text.get()));
        }
        for (String member : MEMBERS) {
            if (!json.has(member)) {
                return new MalformedLine(
                        number, MalformedLine.Fault.MEMBER, "no member " + member + " in " + shortened(text.get()));
            }
        }
        OptionalDouble time = number(json.path("time_ms"));
        if (time.isEmpty()) {
            return new MalformedLine(
                    number, MalformedLine.Fault.TIME, "time_ms is " + shortened(String.valueOf(json.path("time_ms"))));
        }
        return new MlLogEvent(number, time.getAsDouble(), json);
    }

    /** As Python's {@code float}: also of a text that is a decimal number, and of a boolean. */
    private static OptionalDouble number(JsonNode json) {
        if (json.isNumber()) {
            return OptionalDouble.of(json.doubleValue());
        }
        if (json.isBoolean()) {
            return OptionalDouble.of(json.booleanValue() ? 1 : 0);
        }
        String text = json.isTextual() ? json.textValue().strip() : "";
        return DECIMAL.matcher(text).matches() ? OptionalDouble.of(Double.parseDouble(text)) : OptionalDouble.empty();
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
