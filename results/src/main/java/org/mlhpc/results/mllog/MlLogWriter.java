package org.mlhpc.results.mllog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log of a run, one event a line: {@code :::MLLOG} and a JSON object with the members namespace, time_ms,
 * event_type, key, value and metadata, in this order. Each line is in the file when its method returns, so that a killed
 * run leaves whole lines.
 */
public final class MlLogWriter implements Closeable {
    /**
     * In ASCII, because readers of the format take Latin-1; with spaces behind colons and commas as in published logs, because
     * people search those for {@code "key": "run_stop"}.
     */
    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEntrySpacing(Separators.Spacing.AFTER)
                            .withArrayValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(DefaultPrettyPrinter.NopIndenter.instance)
                    .withArrayIndenter(DefaultPrettyPrinter.NopIndenter.instance));

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final Path file;
    private final Set<Class<?>> notCallers;
    private final FileChannel channel;
    private final InstantSource clock;
    private Consumer<String> listener = line -> {};

    /**
     * Opens {@code file} to go on behind its first {@code keep} bytes; what follows them is cut off.
     *
     * @param wrappers classes through which callers log
     * @throws IOException if the file cannot be written or has fewer than {@code keep} bytes
     */
    public MlLogWriter(Path file, long keep, InstantSource clock, Class<?>... wrappers) throws IOException {
        this.file = file;
        this.notCallers = Stream.concat(Stream.of(MlLogWriter.class), Stream.of(wrappers))
                .collect(Collectors.toUnmodifiableSet());
        this.clock = clock;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.size() < keep) {
            channel.close();
            throw new IOException(file + " has fewer than the " + keep + " bytes it had at the checkpoint");
        }
        channel.truncate(keep).position(keep);
    }

    /** From now on, shows {@code listener} the JSON of each line that was written. */
    public MlLogWriter showing(Consumer<String> listener) {
        this.listener = listener;
        return this;
    }

    /** Writes the beginning of an interval; returns its time in milliseconds since 1970. */
    public long start(String key, Map<String, ?> metadata) throws IOException {
        return write("INTERVAL_START", key, null, metadata);
    }

    /** Writes the end of an interval; returns its time in milliseconds since 1970. */
    public long end(String key, Map<String, ?> metadata) throws IOException {
        return write("INTERVAL_END", key, null, metadata);
    }

    /** Writes a value; returns its time in milliseconds since 1970. */
    public long point(String key, Object value, Map<String, ?> metadata) throws IOException {
        return write("POINT_IN_TIME", key, value, metadata);
    }

    private long write(String type, String key, @Nullable Object value, Map<String, ?> metadata) throws IOException {
        long timeMillis = clock.millis();
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("namespace", "");
        members.put("time_ms", timeMillis);
        members.put("event_type", type);
        members.put("key", key);
        members.put("value", value);
        members.put("metadata", withCaller(metadata));
        String json = json(members);
        ByteBuffer line = ByteBuffer.wrap((":::MLLOG " + json + "\n").getBytes(StandardCharsets.ISO_8859_1));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw new IOException(
                    "cannot write " + file + ": " + e.getMessage() + "; free space and go on with --resume", e);
        }
        listener.accept(json);
        return timeMillis;
    }

    /** The rules want to know the place in the source that logged: the first caller outside this class. */
    private Map<String, Object> withCaller(Map<String, ?> metadata) {
        var all = new LinkedHashMap<String, Object>();
        STACK.walk(frames -> frames.filter(frame -> !notCallers.contains(frame.getDeclaringClass()))
                        .findFirst())
                .ifPresent(frame -> {
                    all.put("file", String.valueOf(frame.getFileName()));
                    all.put("lineno", frame.getLineNumber());
                });
        all.putAll(metadata);
        return all;
    }

    private static String json(Map<String, ?> members) {
        try {
            return JSON.writeValueAsString(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a log value is not JSON: " + members, e);
        }
    }

    /** Bytes written so far, to go on from after an interruption. */
    public long bytes() throws IOException {
        return channel.position();
    }

    /** Waits until everything is on the device. */
    public void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
