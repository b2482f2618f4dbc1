package org.mlhpc.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the ranks of a job say while some of them do not get on, in {@code hang_<i>}: {@code rank_<r>.txt} is the {@link HangReport}
 * of one that does not, {@code rank_<r>.moving} holds a number that one that does counts up. The folder is there once somebody has
 * a report. What cannot be read is not there.
 */
final class HangFolder {
    private static final String PREFIX = "rank_";
    private static final String REPORT = ".txt";
    private static final String MOVING = ".moving";

    private final Path folder;
    private final int rank;
    /** What the others last said of getting on, by file. */
    private final Map<Path, String> seen = new HashMap<>();

    private boolean saysMoving;
    private long count;

    /** @param rank of this process */
    HangFolder(Path folder, int rank) {
        this.folder = folder;
        this.rank = rank;
    }

    /** Removes what an earlier start of the job has left. */
    static void clear(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException e) {
            // NFS keeps a removed file under another name as long as somebody has it open; nobody reads it.
            return;
        }
    }

    private Path file(int ofRank, String suffix) {
        return folder.resolve(PREFIX + ofRank + suffix);
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static boolean isReport(Path file) {
        return name(file).startsWith(PREFIX) && name(file).endsWith(REPORT);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** This rank does not get on. */
    void write(HangReport report) throws IOException {
        Files.createDirectories(folder);
        report.write(file(rank, REPORT));
        remove(MOVING);
        saysMoving = false;
    }

    /** This rank gets on again. False if its report is still there. */
    boolean removeReport() {
        return remove(REPORT);
    }

    private boolean remove(String suffix) {
        try {
            Files.deleteIfExists(file(rank, suffix));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** This rank gets on: of interest only while others do not. */
    void sayMoving() {
        if (files().stream().anyMatch(HangFolder::isReport)) {
            try {
                Files.writeString(file(rank, MOVING), Long.toString(++count));
                saysMoving = true;
            } catch (IOException e) {
                // The next look says it again, long before the others take this rank for one that does not run.
                saysMoving = true;
            }
        } else if (saysMoving) {
            saysMoving = !remove(MOVING);
        }
    }

    /** Those that do not get on, this one included. */
    SortedSet<Integer> ranksWithReport() {
        var ranks = new TreeSet<Integer>();
        ranks.add(rank);
        for (Path file : files()) {
            String name = name(file);
            if (isReport(file)) {
                ranks.add(Integer.parseInt(name.substring(PREFIX.length(), name.length() - REPORT.length())));
            }
        }
        return ranks;
    }

    /** Whether a rank has said since the last call that it gets on. */
    boolean anyMoves() {
        boolean moves = false;
        for (Path file : files()) {
            if (name(file).endsWith(MOVING)) {
                Optional<String> says = content(file);
                moves |= says.isPresent() && !says.get().equals(seen.put(file, says.get()));
            }
        }
        return moves;
    }

    private static Optional<String> content(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The reports of {@code ranks}, by rank. One that was removed meanwhile, or is half written, says nothing. */
    Map<Integer, HangReport> read(SortedSet<Integer> ranks) {
        var reports = new TreeMap<Integer, HangReport>();
        ranks.forEach(of -> report(of).ifPresent(report -> reports.put(of, report)));
        return reports;
    }

    private Optional<HangReport> report(int ofRank) {
        try {
            return Optional.of(HangReport.read(file(ofRank, REPORT)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
