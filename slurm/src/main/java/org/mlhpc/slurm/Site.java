package org.mlhpc.slurm;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/**
 * What a cluster wants to be told with every job.
 *
 * @param options of sbatch, such as {@code --partition=gpu}
 * @param modules to load, in order
 * @param environment variables to set, as {@code NAME=value}
 */
public record Site(List<String> options, List<String> modules, List<String> environment) {
    private static final List<String> OPTION_KEYS =
            List.of("partition", "account", "qos", "constraint", "reservation", "gpus-per-node");

    private static final String MODULES = "modules";
    private static final String ENVIRONMENT = "environment";
    private static final String FURTHER = "sbatch";

    public Site {
        options = List.copyOf(options);
        modules = List.copyOf(modules);
        environment = List.copyOf(environment);
        options.forEach(BatchText::requireOption);
        for (String variable : environment) {
            if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*=.*")) {
                throw new IllegalArgumentException("environment: '" + variable + "' is not NAME=value");
            }
        }
    }

    /** A site that asks for nothing. */
    public static Site plain() {
        return new Site(List.of(), List.of(), List.of());
    }

    /**
     * Reads a properties file: {@code partition}, {@code account}, {@code qos}, {@code constraint}, {@code reservation} and
     * {@code gpus-per-node}, each an option of sbatch of that name; {@code sbatch}, further options between spaces;
     * {@code modules}, between spaces; {@code environment}, between semicolons.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a key is unknown or a value unusable; the message names file and key
     */
    public static Site read(Path file) throws IOException {
        var properties = new Properties();
        try (Reader in = new StringReader(Files.readString(file))) {
            properties.load(in);
        }
        requireKnown(file, properties);
        var options = new ArrayList<String>();
        for (String key : OPTION_KEYS) {
            if (!value(properties, key).isEmpty()) {
                options.add("--" + key + "=" + value(properties, key));
            }
        }
        options.addAll(list(properties, FURTHER, " +"));
        try {
            return new Site(options, list(properties, MODULES, " +"), list(properties, ENVIRONMENT, " *; *"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static void requireKnown(Path file, Properties properties) {
        var known = new TreeSet<>(OPTION_KEYS);
        known.addAll(List.of(MODULES, ENVIRONMENT, FURTHER));
        for (String key : properties.stringPropertyNames()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(
                        file + ": unknown key '" + key + "'; known keys: " + String.join(", ", known));
            }
        }
    }

    private static String value(Properties properties, String key) {
        return properties.getProperty(key, "").strip();
    }

    private static List<String> list(Properties properties, String key, String separator) {
        return Arrays.stream(value(properties, key).split(separator, -1))
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
