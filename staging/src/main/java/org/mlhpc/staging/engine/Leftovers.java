package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.files.SourceFile;

/** What is at a destination before a staging begins. */
public final class Leftovers {
    private Leftovers() {}

    /** Bytes of those of {@code files} that seem to be in {@code folder} already, and so need no room. */
    public static long bytes(Path folder, List<SourceFile> files) throws IOException {
        Path state = Destination.state(folder);
        Map<String, Journal.Line> lines = Files.isDirectory(state) ? Journal.read(state) : Map.of();
        long bytes = 0;
        if (Files.isDirectory(folder)) {
            for (SourceFile file : files) {
                Path target = folder.resolve(file.path());
                long staged = lines.containsKey(file.path())
                        ? lines.get(file.path()).staged().bytes()
                        : file.bytes();
                bytes += Files.isRegularFile(target) && Files.size(target) == staged ? file.bytes() : 0;
            }
        }
        return bytes;
    }

    /**
     * Notes in the journal those of {@code files} that are there with the right content, though no journal has them.
     *
     * @param root the data set
     * @param files that are not finished
     * @return how many were noted
     * @throws IOException if something stands where a file has to go that no staging brought there and that is not the
     *     same: it is left alone; the message names it
     */
    public static int adopt(Path root, Destination destination, List<SourceFile> files) throws IOException {
        var same = new ArrayList<Journal.Line>();
        var foreign = new ArrayList<Path>();
        for (SourceFile file : files) {
            Path target = destination.folder().resolve(file.path());
            if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (!destination.unpacks() && Verification.isSame(root, target, file)) {
                same.add(line(file, target));
            } else if (!destination.isOfStaging(file) || Files.isDirectory(target)) {
                foreign.add(target);
            }
        }
        if (!foreign.isEmpty()) {
            throw new IOException(foreign.get(0) + (foreign.size() > 1 ? " and " + (foreign.size() - 1) + " more" : "")
                    + " stood there before and differs from the data set's: remove it, or stage to another folder");
        }
        destination.note(same);
        return same.size();
    }

    private static Journal.Line line(SourceFile file, Path target) throws IOException {
        Manifest.Entry entry = file.crc32c().isPresent()
                ? new Manifest.Entry(file.bytes(), file.crc32c().getAsLong())
                : Manifest.entryOf(target);
        return new Journal.Line(file, entry, false, System.currentTimeMillis());
    }

    /** Paths of files in {@code folder} that are not of the data set; folders that cannot be read count as empty. */
    public static List<String> foreign(Path folder, List<SourceFile> files) throws IOException {
        var known = new HashSet<String>();
        files.forEach(file -> known.add(file.path()));
        known.add(Manifest.FILE_NAME);
        var foreign = new ArrayList<String>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                boolean state = inner.equals(Destination.state(folder));
                return state ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = folder.relativize(file).toString();
                if (!known.contains(path)) {
                    foreign.add(path);
                }
                return FileVisitResult.CONTINUE;
            }

            /** At the top of a file system there may be a lost+found of the superuser. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return foreign.stream().sorted().toList();
    }
}
