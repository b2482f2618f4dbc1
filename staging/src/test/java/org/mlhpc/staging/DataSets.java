package org.mlhpc.staging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Manifest;

/** Data sets for tests, and ranks that stage them. */
final class DataSets {
    private DataSets() {}

    /** Files with random content: {@code train/t<i>} and {@code validation/v<i>}, and {@code stats} at the top. */
    static void write(Path folder, int train, int validation, int mostBytes, boolean manifest) throws IOException {
        var random = new Random(1);
        var names = new ArrayList<String>();
        for (int i = 0; i < train; i++) {
            names.add(String.format("train/t%03d", i));
        }
        for (int i = 0; i < validation; i++) {
            names.add(String.format("validation/v%03d", i));
        }
        names.add("stats");
        for (String name : names) {
            byte[] content = new byte[random.nextInt(mostBytes + 1)];
            random.nextBytes(content);
            Files.createDirectories(folder.resolve(name).getParent());
            Files.write(folder.resolve(name), content);
        }
        if (manifest) {
            writeManifest(folder);
        }
    }

    static void writeManifest(Path folder) throws IOException {
        SortedMap<String, Manifest.Entry> entries = new TreeMap<>();
        for (String name : names(folder)) {
            entries.put(name, Manifest.entryOf(folder.resolve(name)));
        }
        new Manifest(new TreeMap<>(), entries).write(folder);
    }

    /** Of all files but the manifest and the state of staging. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.equals(Manifest.FILE_NAME) && !name.startsWith(".mlhpc-staging"))
                    .sorted()
                    .toList();
        }
    }

    static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** What a rank does. */
    interface Work<T> {
        T run(Communicator world) throws Exception;
    }

    /** Results by rank; throws what the first failing rank threw, in an ExecutionException. */
    static <T> List<T> onRanks(List<? extends Communicator> worlds, Work<T> work) throws Exception {
        var results = new ArrayList<T>();
        for (Future<T> rank : futures(worlds, work)) {
            results.add(rank.get());
        }
        return results;
    }

    static <T> List<Future<T>> futures(List<? extends Communicator> worlds, Work<T> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(worlds.size());
        try {
            var tasks = new ArrayList<java.util.concurrent.Callable<T>>();
            for (Communicator world : worlds) {
                tasks.add(() -> work.run(world));
            }
            return threads.invokeAll(tasks, 60, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }
}
