package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.Console;

/** Synthetic data sets, generated at their first use and kept by what they depend on. */
record DataCache(Path root) {
    private static final long SEED = 0;

    static DataCache ofUser(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return new DataCache(base.resolve("mlhpc").resolve("data"));
    }

    /** The data set for these settings; rank 0 generates it if it is not there. Collective. */
    Path provide(Workload<?> workload, Settings settings, Communicator world, Console console) throws IOException {
        DataGenerator generator = workload.generator(settings);
        Path directory = root.resolve(workload.name() + "-" + key(generator, settings));
        Optional<IOException> failure = Optional.empty();
        if (world.rank() == 0 && !Files.exists(directory.resolve(Manifest.FILE_NAME))) {
            try {
                generate(generator, directory, console);
            } catch (IOException e) {
                failure = Optional.of(e);
            }
        }
        boolean failed = world.max(failure.isPresent() ? 1 : 0) > 0;
        if (failure.isPresent()) {
            throw failure.get();
        } else if (failed) {
            throw new IOException("rank 0 could not generate the data");
        }
        return directory;
    }

    private static String key(DataGenerator generator, Settings settings) {
        var crc = new CRC32C();
        for (String key : generator.settingKeys()) {
            crc.update((key + "=" + settings.get(key) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return String.format(Locale.ROOT, "%08x-%d", crc.getValue(), SEED);
    }

    private static void generate(DataGenerator generator, Path directory, Console console) throws IOException {
        console.say("generating data in %s (kept for later runs)", directory);
        long begin = System.nanoTime();
        Files.createDirectories(directory.getParent());
        Path partial = Files.createTempDirectory(directory.getParent(), "partial-");
        try {
            generator.generate(
                    partial, SEED, Runtime.getRuntime().availableProcessors(), console.progress("generating data"));
            Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(partial);
        }
        console.say("data generated in %s", Console.duration((System.nanoTime() - begin) * 1e-9));
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> tree = Files.walk(directory)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
