package org.mlhpc.staging.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.files.Inventory;
import org.mlhpc.staging.files.SourceFile;

/** The folder of a node as one of its ranks fills it. The node must hold its {@link DestinationLock}. */
public final class Destination implements Closeable {
    private static final int PARTIAL_FOLDERS = 8;

    private final Path folder;
    private final Path own;
    private final boolean unpack;
    private final Set<String> beingNamed;
    private Map<String, Journal.Line> journalled;
    private final Journal journal;
    private final Publisher publisher;
    private final AtomicLong partials = new AtomicLong();

    private Destination(
            Path folder,
            int member,
            boolean unpack,
            Map<String, Journal.Line> journalled,
            Set<String> beingNamed,
            Journal journal) {
        this.folder = folder;
        this.own = partials(folder).resolve(Integer.toString(member));
        this.unpack = unpack;
        this.journalled = journalled;
        this.beingNamed = beingNamed;
        this.journal = journal;
        this.publisher = new Publisher(folder, state(folder), journal);
    }

    /**
     * Opens the folder.
     *
     * @param member number of this rank on its node
     * @param unpack whether GZIP files are to be decompressed
     */
    public static Destination open(Path folder, int member, boolean unpack) throws IOException {
        for (int i = 0; i < PARTIAL_FOLDERS; i++) {
            Files.createDirectories(
                    partials(folder).resolve(Integer.toString(member)).resolve(Integer.toString(i)));
        }
        Map<String, Journal.Line> journalled = Journal.read(state(folder));
        Set<String> beingNamed = Journal.announced(state(folder));
        return new Destination(folder, member, unpack, journalled, beingNamed, Journal.open(state(folder), member));
    }

    static Path state(Path folder) {
        return folder.resolve(Inventory.STATE_FOLDER);
    }

    private static Path partials(Path folder) {
        return state(folder).resolve("partial");
    }

    /** Removes what a killed staging left unfinished; only for the holder of the lock, before others begin. */
    public static void removePartials(Path folder) throws IOException {
        remove(partials(folder));
    }

    /** Removes {@code tree} if it is there, while nobody else writes to it. */
    public static void remove(Path tree) throws IOException {
        if (Files.isDirectory(tree)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(tree)) {
                for (Path entry : entries) {
                    remove(entry);
                }
            }
        }
        Files.deleteIfExists(tree);
    }

    public Path folder() {
        return folder;
    }

    /** Whether large files can be written past the page cache. */
    public boolean writesDirectly() throws IOException {
        return Blocks.writesDirectly(own);
    }

    /** What is there of {@code file} according to the journal, as long as the source has not changed since. */
    public Optional<Manifest.Entry> finished(SourceFile file) throws IOException {
        Journal.Line line = journalled.get(file.path());
        if (line == null || line.unpacked() != unpack || !sameSource(line, file)) {
            return Optional.empty();
        }
        Path target = folder.resolve(file.path());
        boolean there = Files.isRegularFile(target)
                && Files.size(target) == line.staged().bytes();
        return there ? Optional.of(line.staged()) : Optional.empty();
    }

    private static boolean sameSource(Journal.Line line, SourceFile file) {
        return line.source().bytes() == file.bytes()
                && line.source().modifiedMicros() == file.modifiedMicros()
                && (line.unpacked()
                        || file.crc32c().isEmpty()
                        || file.crc32c().getAsLong() == line.staged().crc32c());
    }

    /** Those of {@code files} that have to be staged. */
    public List<SourceFile> pending(List<SourceFile> files) throws IOException {
        var pending = new ArrayList<SourceFile>();
        for (SourceFile file : files) {
            if (finished(file).isEmpty()) {
                pending.add(file);
            }
        }
        return pending;
    }

    /** A temporary name of its own for each call, in one of several folders, as a folder lets in one file at a time. */
    Path newPartial() {
        long number = partials.incrementAndGet();
        return own.resolve(Long.toString(number % PARTIAL_FOLDERS)).resolve(Long.toString(number));
    }

    /** Takes over a file that is complete under its temporary name; it gets its own soon. */
    void complete(SourceFile file, Path partial, Manifest.Entry staged) throws IOException {
        publisher.add(
                new Publisher.Complete(partial, new Journal.Line(file, staged, unpack, System.currentTimeMillis())));
    }

    /** Notes files that are there already. */
    void note(List<Journal.Line> there) throws IOException {
        if (!there.isEmpty()) {
            journal.append(there);
        }
    }

    /** Takes in what other ranks of the node have noted. */
    public void readAgain() throws IOException {
        journalled = Journal.read(state(folder));
    }

    /** Whether a staging gave what has the file's name there this name, be it in an earlier version. */
    boolean isOfStaging(SourceFile file) {
        return journalled.containsKey(file.path()) || beingNamed.contains(file.path());
    }

    boolean unpacks() {
        return unpack;
    }

    /** What the journals of all ranks of the node say of {@code files}. */
    public static Map<String, Manifest.Entry> entries(Path folder, List<SourceFile> files) throws IOException {
        Map<String, Journal.Line> lines = Journal.read(state(folder));
        var entries = new HashMap<String, Manifest.Entry>();
        for (SourceFile file : files) {
            Journal.Line line = lines.get(file.path());
            if (line == null) {
                throw new IOException(folder.resolve(file.path()) + " is in no journal: stage again");
            }
            entries.put(file.path(), line.staged());
        }
        return entries;
    }

    /** Work that completes files. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** Does the work, and returns when all that it completed has its name and is in the journal, even if it failed. */
    void publishWhat(Work work) throws IOException {
        try {
            work.run();
        } catch (IOException e) {
            try {
                publisher.close();
            } catch (IOException further) {
                e.addSuppressed(further);
            }
            throw e;
        }
        publisher.close();
    }

    /** Publishes what is complete and removes what is not. */
    @Override
    public void close() throws IOException {
        try (journal) {
            publisher.close();
        } finally {
            remove(own);
        }
    }
}
