package org.mlhpc.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The files of a data set with length and CRC-32C each, as stored in {@code MANIFEST.crc32c}: comment lines {@code #
 * key=value}, then one line {@code checksum bytes path} per file, sorted by path.
 */
public record Manifest(SortedMap<String, String> properties, SortedMap<String, Entry> files) {
    public static final String FILE_NAME = "MANIFEST.crc32c";

    private static final int COPY_BUFFER_BYTES = 1 << 20;

    public Manifest {
        properties = new TreeMap<>(properties);
        files = new TreeMap<>(files);
    }

    /** @param crc32c CRC-32C of the content, as an unsigned value */
    public record Entry(long bytes, long crc32c) {}

    /** Something wrong with a data set. */
    public record Finding(Path file, String what) {
        @Override
        public String toString() {
            return file + ": " + what;
        }
    }

    /** The entry of an existing file. */
    public static Entry entryOf(Path file) throws IOException {
        var crc = new CRC32C();
        long bytes = 0;
        byte[] buffer = new byte[COPY_BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
                bytes += n;
            }
        }
        return new Entry(bytes, crc.getValue());
    }

    /** Writes {@code directory/MANIFEST.crc32c}; see {@link #write(Path, String)}. */
    public void write(Path directory) throws IOException {
        var text = new StringBuilder();
        properties.forEach((key, value) ->
                text.append("# ").append(key).append('=').append(value).append('\n'));
        files.forEach((path, entry) -> text.append(String.format("%08x %d %s%n", entry.crc32c(), entry.bytes(), path)
                .replace("\r", "")));
        write(directory, text.toString());
    }

    /**
     * Writes the text of a manifest: under a temporary name until it is on the device, so it is either complete or absent,
     * even after a loss of power. An empty one would say that an empty data set is complete.
     */
    public static void write(Path directory, String text) throws IOException {
        Path partial = directory.resolve(FILE_NAME + ".partial");
        try (var channel = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(partial, directory.resolve(FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    /** @throws IOException if there is no manifest or a line of it cannot be understood; the message names it */
    public static Manifest read(Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is missing: the data set is incomplete or was not made by mlhpc");
        }
        var properties = new TreeMap<String, String>();
        var files = new TreeMap<String, Entry>();
        int lineNumber = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            lineNumber++;
            if (line.startsWith("# ")) {
                String[] pair = line.substring(2).split("=", 2);
                properties.put(pair[0], pair.length > 1 ? pair[1] : "");
            } else {
                String[] fields = line.split(" ", 3);
                try {
                    files.put(fields[2], new Entry(Long.parseLong(fields[1]), Long.parseLong(fields[0], 16)));
                } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                    throw new IOException(file + ":" + lineNumber + " is not 'checksum bytes path': " + line, e);
                }
            }
        }
        return new Manifest(properties, files);
    }

    /** Compares every file below {@code directory} with this manifest; reads all of them. */
    public List<Finding> verify(Path directory, Progress progress) throws IOException {
        var findings = new ArrayList<Finding>();
        long done = 0;
        for (Map.Entry<String, Entry> expected : files.entrySet()) {
            Path file = directory.resolve(expected.getKey());
            if (!Files.isRegularFile(file)) {
                findings.add(new Finding(file, "missing"));
            } else {
                describeDifference(expected.getValue(), entryOf(file))
                        .ifPresent(what -> findings.add(new Finding(file, what)));
            }
            progress.report(++done, files.size(), "files");
        }
        return findings;
    }

    private static Optional<String> describeDifference(Entry expected, Entry actual) {
        if (expected.bytes() != actual.bytes()) {
            return Optional.of("has " + actual.bytes() + " bytes, the manifest says " + expected.bytes());
        } else if (expected.crc32c() != actual.crc32c()) {
            return Optional.of(String.format(
                    "CRC-32C is %08x, the manifest says %08x: the content changed",
                    actual.crc32c(), expected.crc32c()));
        }
        return Optional.empty();
    }
}
