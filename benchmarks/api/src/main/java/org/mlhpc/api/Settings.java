package org.mlhpc.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of a run: text values by key, every key known.
 *
 * <p>A workload declares its keys with their defaults in {@code <workload>.properties}, which is the reference
 * configuration; {@code <workload>-<configuration>.properties} changes some of them, and the command line some more.
 */
public final class Settings {
    /** Key of the samples per step over all ranks, which every workload has; its name in the log too. */
    public static final String GLOBAL_BATCH_SIZE = "global_batch_size";

    /** Key of the precision of arithmetic, for workloads that have a choice. */
    public static final String PRECISION = "precision";

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** Settings with exactly these values; for tests and for what was read back from a file. */
    public static Settings of(Map<String, String> values) {
        return new Settings(new TreeMap<>(values));
    }

    /** Reads the {@code .properties} resource beside {@code anchor}. */
    public static Settings load(Class<?> anchor, String resource) {
        return new Settings(read(anchor, resource));
    }

    /** These settings changed by another {@code .properties} resource, which may not add keys. */
    public Settings overlay(Class<?> anchor, String resource) {
        return with(read(anchor, resource));
    }

    /**
     * These settings with some values replaced.
     *
     * @throws IllegalArgumentException if a key is unknown; the message lists the known ones
     */
    public Settings with(Map<String, String> changes) {
        var merged = new TreeMap<>(values);
        changes.forEach((key, value) -> {
            requireKnown(key);
            merged.put(key, value.strip());
        });
        return new Settings(merged);
    }

    /** As {@link #with(Map)} for one value. */
    public Settings with(String key, Object value) {
        return with(Map.of(key, value.toString()));
    }

    /**
     * The value of {@code key}.
     *
     * @throws IllegalArgumentException if the key is unknown
     */
    public String get(String key) {
        requireKnown(key);
        return values.getOrDefault(key, "");
    }

    /** Every key with its value, sorted by key. */
    public Map<String, String> asMap() {
        return values;
    }

    /**
     * The settings a record declares: component {@code optBaseLearningRate} is key {@code opt_base_learning_rate}.
     *
     * @throws IllegalArgumentException if a value has the wrong type or the record rejects it; the message names the key
     */
    public <R extends Record> R bind(Class<R> type) {
        return RecordBinder.bind(type, this::get);
    }

    /**
     * For records of settings: checks a value.
     *
     * @param allowed what the value must be, as in "setting KEY=VALUE must be ALLOWED"
     * @throws IllegalArgumentException if {@code condition} does not hold; the message names the key
     */
    public static void require(boolean condition, String key, Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException("setting " + key + "=" + value + " must be " + allowed);
        }
    }

    /** As {@link #require} for whole numbers with a lower bound. */
    public static void requireAtLeast(int least, String key, int value) {
        require(value >= least, key, value, "at least " + least);
    }

    private void requireKnown(String key) {
        if (!values.containsKey(key)) {
            throw new IllegalArgumentException(
                    "unknown setting '" + key + "'; known settings: " + String.join(", ", values.keySet()));
        }
    }

    private static Map<String, String> read(Class<?> anchor, String resource) {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource + " beside " + anchor.getName());
            }
            var properties = new Properties();
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            var values = new TreeMap<String, String>();
            for (String key : properties.stringPropertyNames()) {
                values.put(key, properties.getProperty(key, "").strip());
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + resource, e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
