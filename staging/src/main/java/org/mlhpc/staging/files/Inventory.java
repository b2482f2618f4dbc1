package org.mlhpc.staging.files;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.Manifest;

/**
 * The files and folders of a data set, sorted by path; without its manifest, which says that a copy is complete and so
 * comes last. Symbolic links are followed: what they point to is what is staged.
 *
 * @param root absolute path of the data set
 * @param folders relative paths, those above first
 * @param manifest text of the data set's manifest; empty if it has none
 */
public record Inventory(Path root, List<SourceFile> files, List<String> folders, String manifest) {
    /** Folder of a staged data set with lock, journal and unfinished files; never part of the data. */
    public static final String STATE_FOLDER = ".mlhpc-staging";

    public Inventory {
        files = List.copyOf(files);
        folders = List.copyOf(folders);
    }

    /** Bytes of all files. */
    public long bytes() {
        return files.stream().mapToLong(SourceFile::bytes).sum();
    }

    /** The same data set, but only these of its files. */
    public Inventory with(List<SourceFile> some) {
        return new Inventory(root, some, folders, manifest);
    }

    /**
     * Lists a data set. One rank does so for all: thousands of them would stall the file system. Collective.
     *
     * @throws IOException on every rank, if the folder cannot be read, holds something that cannot be staged, or lacks
     *     what its manifest lists; the message names it
     */
    public static Inventory shared(Path root, Communicator world) throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        Optional<Inventory> own = Together.on(
                world,
                "listing " + absolute,
                () -> world.rank() == 0 ? Optional.of(listed(absolute)) : Optional.empty());
        String text = Together.broadcast(world, own.map(InventoryText::format).orElse(""));
        String manifest = Together.broadcast(world, own.map(Inventory::manifest).orElse(""));
        return own.orElseGet(() -> InventoryText.parse(absolute, text, manifest));
    }

    /** The data set as this process sees it. */
    public static Inventory listed(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new IOException(root + " is not a directory: point at a data set that every node can read");
        }
        Path manifestFile = root.resolve(Manifest.FILE_NAME);
        boolean hasManifest = Files.isRegularFile(manifestFile);
        SortedMap<String, Manifest.Entry> expected =
                hasManifest ? Manifest.read(root).files() : new TreeMap<>();
        var visitor = new Visitor(root, new TreeMap<>(expected));
        Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        if (!visitor.missing.isEmpty()) {
            throw new IOException(root.resolve(visitor.missing.firstKey()) + " is missing, but " + manifestFile
                    + " lists it: the data set is incomplete");
        }
        visitor.files.sort(Comparator.comparing(SourceFile::path));
        visitor.folders.sort(Comparator.naturalOrder());
        return new Inventory(root, visitor.files, visitor.folders, hasManifest ? Files.readString(manifestFile) : "");
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<SourceFile> files = new ArrayList<>();
        private final List<String> folders = new ArrayList<>();
        private final SortedMap<String, Manifest.Entry> missing;

        /** @param expected what the manifest lists; what is found is taken out */
        Visitor(Path root, SortedMap<String, Manifest.Entry> expected) {
            this.root = root;
            this.missing = expected;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            if (folder.equals(root)) {
                return FileVisitResult.CONTINUE;
            }
            String path = root.relativize(folder).toString();
            if (path.equals(STATE_FOLDER)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            requireOneLine(folder, path);
            folders.add(path);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isSymbolicLink()) {
                throw new IOException(file + " is a link to nothing: remove it, or restore what it pointed to");
            } else if (!attributes.isRegularFile()) {
                throw new IOException(file + " is neither a file nor a folder, and cannot be staged: remove it");
            }
            String path = root.relativize(file).toString();
            requireOneLine(file, path);
            if (!path.equals(Manifest.FILE_NAME)) {
                add(file, path, attributes);
            }
            return FileVisitResult.CONTINUE;
        }

        /** Manifest and journal have a line for each path. */
        private static void requireOneLine(Path file, String path) throws IOException {
            if (path.indexOf('\n') >= 0 || path.indexOf('\r') >= 0) {
                throw new IOException(file + " has a line break in its name: rename it");
            }
        }

        private void add(Path file, String path, BasicFileAttributes attributes) throws IOException {
            Optional<Manifest.Entry> entry = Optional.ofNullable(missing.remove(path));
            if (entry.isPresent() && entry.get().bytes() != attributes.size()) {
                throw new IOException(file + " has " + attributes.size() + " bytes, but the manifest says "
                        + entry.get().bytes() + ": the source is damaged");
            }
            OptionalLong crc = entry.isPresent() ? OptionalLong.of(entry.get().crc32c()) : OptionalLong.empty();
            long modified = attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
            files.add(new SourceFile(path, attributes.size(), modified, crc));
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            throw new IOException("cannot list " + file + ": " + FileErrors.message(failure), failure);
        }
    }
}
