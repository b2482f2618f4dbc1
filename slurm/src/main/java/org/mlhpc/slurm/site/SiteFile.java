package org.mlhpc.slurm.site;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.mlhpc.slurm.site.Site.Launcher;

/**
 * Reads site files: Java properties with the keys of {@link SiteKey}. On a cluster with several kinds of nodes {@code
 * TYPE.key} is said of one kind and goes before {@code key}.
 */
public final class SiteFile {
    private static final List<SiteKey> OPTIONS = List.of(
            SiteKey.PARTITION,
            SiteKey.ACCOUNT,
            SiteKey.QOS,
            SiteKey.CONSTRAINT,
            SiteKey.RESERVATION,
            SiteKey.GPUS_PER_NODE);

    private static final String MEMORY_UNITS = "KMGT";

    private final Map<SiteKey, String> values;

    private SiteFile(Map<SiteKey, String> values) {
        this.values = values;
    }

    /**
     * The site in a file.
     *
     * @param nodeType the kind of nodes; empty for the file's own choice
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a key or the node type is unknown or a value unusable; the message names the file
     */
    public static Site read(Path file, Optional<String> nodeType) throws IOException {
        String text = Files.readString(file);
        try {
            return parse(text, nodeType);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** The site in the text of a file. */
    static Site parse(String text, Optional<String> nodeType) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SiteFile(values(properties, nodeType)).site();
    }

    private static Map<SiteKey, String> values(Properties properties, Optional<String> nodeType) {
        var types = new TreeSet<String>();
        for (String name : properties.stringPropertyNames()) {
            int dot = name.indexOf('.');
            if (dot > 0) {
                types.add(name.substring(0, dot));
            }
            known(name, name.substring(dot + 1));
        }
        String type = nodeType.orElse(properties.getProperty(SiteKey.NODE_TYPE.word(), ""))
                .strip();
        requireType(types, type);
        var values = new EnumMap<SiteKey, String>(SiteKey.class);
        for (String prefix : List.of("", type + ".")) {
            for (String name : properties.stringPropertyNames()) {
                String rest = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
                SiteKey.of(rest).ifPresent(key -> put(values, key, properties.getProperty(name)));
            }
        }
        return values;
    }

    /** An empty value is as good as none: a kind of nodes may take back what is said of all. */
    private static void put(Map<SiteKey, String> values, SiteKey key, String value) {
        values.remove(key);
        if (!value.isBlank()) {
            key.require(value.strip());
            values.put(key, value.strip());
        }
    }

    private static void known(String name, String key) {
        if (SiteKey.of(key).isEmpty()) {
            throw new IllegalArgumentException("unknown key '" + name + "'; known keys: "
                    + String.join(", ", new TreeSet<>(SiteKey.words())) + ", each also as TYPE.key");
        }
    }

    private static void requireType(Set<String> types, String type) {
        if ((types.isEmpty() && type.isEmpty()) || types.contains(type)) {
            return;
        }
        String choice = types.isEmpty()
                ? "the file has no keys such as " + (type.isEmpty() ? "TYPE" : type) + ".partition"
                : "choose one of " + String.join(", ", types);
        throw new IllegalArgumentException(
                type.isEmpty() ? "--node-type is missing: " + choice : "no node type '" + type + "': " + choice);
    }

    private Site site() {
        var options = new ArrayList<String>();
        for (SiteKey key : OPTIONS) {
            value(key).ifPresent(value -> options.add("--" + key.word() + "=" + value));
        }
        options.addAll(list(SiteKey.SBATCH, " +"));
        return new Site(
                options,
                list(SiteKey.BURST_BUFFER, " *; *"),
                node(),
                value(SiteKey.NODE_LOCAL),
                list(SiteKey.MODULES, " +"),
                list(SiteKey.ENVIRONMENT, " *; *"),
                new Launcher(value(SiteKey.LAUNCHER), value(SiteKey.MPI)),
                value(SiteKey.TIME_LIMIT).map(time -> SlurmTime.parse(SiteKey.TIME_LIMIT.word(), time)),
                number(SiteKey.SIGNAL_SECONDS).orElse(Site.DEFAULT_SIGNAL_SECONDS),
                number(SiteKey.SPARE_NODES).orElse(0),
                value(SiteKey.FABRIC));
    }

    private Node node() {
        Optional<String> gpus = value(SiteKey.GPUS_PER_NODE).map(text -> text.substring(text.indexOf(':') + 1));
        return new Node(
                gpus.map(Integer::parseInt).map(OptionalInt::of).orElse(OptionalInt.empty()),
                number(SiteKey.SOCKETS_PER_NODE),
                number(SiteKey.CORES_PER_NODE),
                number(SiteKey.THREADS_PER_CORE).orElse(1),
                value(SiteKey.MEMORY_PER_NODE)
                        .map(SiteFile::bytes)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()));
    }

    /** Slurm's units are powers of 1024; a number alone is in MiB. */
    private static long bytes(String memory) {
        String upper = memory.toUpperCase(Locale.ROOT);
        int unit = MEMORY_UNITS.indexOf(upper.charAt(upper.length() - 1));
        long number = Long.parseLong(unit < 0 ? upper : upper.substring(0, upper.length() - 1));
        return number << (10 * (unit < 0 ? 2 : unit + 1));
    }

    private Optional<String> value(SiteKey key) {
        return Optional.ofNullable(values.get(key));
    }

    private OptionalInt number(SiteKey key) {
        return value(key).map(Integer::parseInt).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private List<String> list(SiteKey key, String separator) {
        return value(key).stream()
                .flatMap(text -> Arrays.stream(text.split(separator, -1)))
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
