package org.mlhpc.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;

/**
 * Copies the whole data set to a directory of each node, such as a local disk; the ranks of a node share the work. A file
 * has its final name only when it is complete and, where the source has a manifest, its checksum is right; an interrupted
 * copy therefore goes on where it ended.
 */
public final class CopyStager implements Stager {
    private static final int BUFFER_BYTES = 4 << 20;

    private final Path destination;

    public CopyStager(Path destination) {
        this.destination = destination.toAbsolutePath().normalize();
    }

    @Override
    public String strategy() {
        return "copy to each node";
    }

    @Override
    public Staged stage(Path source, Communicator world, Progress progress) throws IOException {
        long bytes = 0;
        Optional<IOException> failure = Optional.empty();
        try {
            bytes = copyShare(source.toAbsolutePath().normalize(), world.node(), progress);
        } catch (IOException e) {
            failure = Optional.of(e);
        }
        boolean failed = world.max(failure.isPresent() ? 1 : 0) > 0;
        if (failure.isPresent()) {
            throw failure.get();
        } else if (failed) {
            throw new IOException("staging to " + destination + " failed on another rank");
        }
        return new Staged(destination, bytes);
    }

    private long copyShare(Path source, Communicator node, Progress progress) throws IOException {
        requireSeparate(source);
        List<Path> files = files(source);
        Map<String, Manifest.Entry> expected = Files.exists(source.resolve(Manifest.FILE_NAME))
                ? Manifest.read(source).files()
                : Map.of();
        Files.createDirectories(destination);
        List<Path> share = new ArrayList<>();
        for (int i = node.rank(); i < files.size(); i += node.size()) {
            share.add(files.get(i));
        }
        List<Path> missing = missing(source, share);
        requireSpace(source, missing);
        long copied = 0;
        for (int i = 0; i < missing.size(); i++) {
            Path file = missing.get(i);
            copied += copy(
                    source.resolve(file),
                    destination.resolve(file),
                    Optional.ofNullable(expected.get(file.toString())));
            progress.report(i + 1L, missing.size(), "files");
        }
        return copied;
    }

    private void requireSeparate(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            throw new IOException(source + " is not a directory: point --data at a data set");
        }
        if (destination.startsWith(source) || source.startsWith(destination)) {
            throw new IllegalArgumentException(
                    "cannot stage from " + source + " to " + destination + ": one contains the other");
        }
    }

    /** Relative to {@code source}, sorted; the manifest, which says that the set is complete, last. */
    private static List<Path> files(Path source) throws IOException {
        try (Stream<Path> tree = Files.walk(source)) {
            List<Path> files = new ArrayList<>(tree.filter(Files::isRegularFile)
                    .map(source::relativize)
                    .sorted()
                    .toList());
            Path manifest = Path.of(Manifest.FILE_NAME);
            if (files.remove(manifest)) {
                files.add(manifest);
            }
            return files;
        }
    }

    private List<Path> missing(Path source, List<Path> files) throws IOException {
        var missing = new ArrayList<Path>();
        for (Path file : files) {
            Path target = destination.resolve(file);
            if (!Files.isRegularFile(target) || Files.size(target) != Files.size(source.resolve(file))) {
                missing.add(file);
            }
        }
        return missing;
    }

    private void requireSpace(Path source, List<Path> files) throws IOException {
        long needed = 0;
        for (Path file : files) {
            needed += Files.size(source.resolve(file));
        }
        long free = Files.getFileStore(destination).getUsableSpace();
        if (needed > free) {
            throw new IOException(destination + " has " + free + " bytes free, but " + needed
                    + " are needed: free space or choose another --stage-to");
        }
    }

    private static long copy(Path from, Path to, Optional<Manifest.Entry> expected) throws IOException {
        Files.createDirectories(to.resolveSibling(""));
        Path partial = to.resolveSibling(to.getFileName() + ".partial");
        try {
            long bytes = copyChecked(from, partial, expected);
            Files.move(partial, to, StandardCopyOption.ATOMIC_MOVE);
            return bytes;
        } catch (IOException e) {
            Files.deleteIfExists(partial);
            throw new IOException("cannot stage " + from + " to " + to + ": " + e.getMessage(), e);
        }
    }

    private static long copyChecked(Path from, Path partial, Optional<Manifest.Entry> expected) throws IOException {
        var crc = new CRC32C();
        long bytes = 0;
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (var in = FileChannel.open(from, StandardOpenOption.READ);
                var out = FileChannel.open(
                        partial,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            while (in.read(buffer.clear()) >= 0) {
                crc.update(buffer.flip());
                bytes += buffer.rewind().remaining();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
            out.force(true);
        }
        var found = new Manifest.Entry(bytes, crc.getValue());
        if (expected.isPresent() && !expected.get().equals(found)) {
            throw new IOException("the source is damaged: its length or CRC-32C differs from the manifest's");
        }
        return bytes;
    }
}
