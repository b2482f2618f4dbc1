package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.Console;
import org.mlhpc.harness.EngineStart;
import org.mlhpc.roofline.FileTree;

/**
 * Synthetic data sets, generated at their first use and kept by what they depend on. They lie in {@code MLHPC_CACHE}, or else in
 * {@code mlhpc} below {@code XDG_CACHE_HOME} or {@code ~/.cache}, as everything that the launcher keeps.
 */
record DataCache(Path root) {
    private static final long SEED = 0;

    static DataCache ofUser(Map<String, String> environment) {
        String own = environment.getOrDefault("MLHPC_CACHE", "");
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = shared.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(shared);
        return new DataCache((own.isEmpty() ? base.resolve("mlhpc") : Path.of(own)).resolve("data"));
    }

    /** The data set for these settings; rank 0 generates it if it is not there. Collective. */
    Path provide(Workload<?> workload, Settings settings, Communicator world, Console console) throws IOException {
        DataGenerator generator = workload.generator(settings);
        Path directory = directory(workload, settings);
        Optional<IOException> failure = Optional.empty();
        if (world.rank() == 0 && !isComplete(directory)) {
            try {
                generate(generator, directory, console);
            } catch (IOException e) {
                failure = Optional.of(new IOException(
                        "cannot generate data in " + directory + ": " + FileErrors.message(e)
                                + "; MLHPC_CACHE=DIR chooses another place, --data DIR other data",
                        e));
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

    /** The data set for these settings, if it was generated before. */
    Optional<Path> existing(Workload<?> workload, Settings settings) {
        return Optional.of(directory(workload, settings)).filter(DataCache::isComplete);
    }

    private Path directory(Workload<?> workload, Settings settings) {
        return root.resolve(workload.name() + "-" + key(workload.generator(settings), settings));
    }

    private static String key(DataGenerator generator, Settings settings) {
        var crc = new CRC32C();
        for (String key : generator.settingKeys()) {
            crc.update((key + "=" + settings.get(key) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return String.format(Locale.ROOT, "%08x-%d", crc.getValue(), SEED);
    }

    /** A start that finds another one at work waits for it; what a killed one left is removed. */
    private static void generate(DataGenerator generator, Path directory, Console console) throws IOException {
        Files.createDirectories(directory.getParent());
        Path partial = directory.resolveSibling(directory.getFileName() + ".partial");
        try (var file = FileChannel.open(
                        directory.resolveSibling(directory.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var lock = lock(file, directory, console)) {
            if (isComplete(directory)) {
                return;
            }
            FileTree.delete(partial);
            console.say("generating data in %s (kept for later runs)", directory);
            long begin = System.nanoTime();
            EngineStart.alone();
            try {
                generator.generate(
                        partial, SEED, Runtime.getRuntime().availableProcessors(), console.progress("generating data"));
                Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                FileTree.delete(partial);
            }
            console.say("data generated in %s", Console.duration((System.nanoTime() - begin) * 1e-9));
        }
    }

    private static FileLock lock(FileChannel file, Path directory, Console console) throws IOException {
        FileLock free = file.tryLock();
        if (free != null) {
            return free;
        }
        console.say("another run is generating %s; waiting for it", directory);
        return file.lock();
    }

    private static boolean isComplete(Path directory) {
        return Files.exists(directory.resolve(Manifest.FILE_NAME));
    }
}
