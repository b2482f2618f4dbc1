package org.mlhpc.harness;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Ends a job that does not get on any more. Each rank watches its own main thread and writes down where it stands once it has not
 * moved for the limit; nothing is written or sent before. The lowest rank that has written reads what is there after a while,
 * says who is to blame, and ends the job; if it dies over that, the next one does.
 *
 * <p>A rank that waits longer than others stand has come there up to a step later. So a step may take no longer than a tenth of
 * the limit, or a rank that is in order is said to be silent. Where the file system of the output hangs as well, nobody can say so.
 */
final class Watchdog {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double GRACE_SHARE = 0.1;
    private static final double LEAST_GRACE_SECONDS = 1;
    private static final double MOST_GRACE_SECONDS = 180;
    /** Phases in which a rank does nothing but wait for others. */
    private static final Set<String> WAITS = Set.of("synchronisation", "all_reduce");

    private final Place place;
    private final Supplier<RunClock.Standing> standing;
    private final Supplier<StackTraceElement[]> stack;
    private final LongSupplier nanoTime;
    private final double limitSeconds;
    private final PrintStream err;
    private final Runnable endJob;

    private Optional<RunClock.Standing> reported = Optional.empty();
    private long reportedNanos;

    /**
     * What a watchdog has to know of its job.
     *
     * @param nodes names of the nodes of all ranks, by rank
     * @param folder for the reports of the ranks
     * @param cause file for the reason why the job ends, if somebody wants to know
     * @param collectives name of the class whose methods wait for other ranks
     */
    record Place(int rank, List<String> nodes, Path folder, Optional<Path> cause, String collectives) {
        Path report(int ofRank) {
            return folder.resolve("rank_" + ofRank + ".txt");
        }
    }

    Watchdog(
            Place place,
            Supplier<RunClock.Standing> standing,
            Supplier<StackTraceElement[]> stack,
            LongSupplier nanoTime,
            double limitSeconds,
            PrintStream err,
            Runnable endJob) {
        this.place = place;
        this.standing = standing;
        this.stack = stack;
        this.nanoTime = nanoTime;
        this.limitSeconds = limitSeconds;
        this.err = err;
        this.endJob = endJob;
    }

    /** How long the others get to write what they have to say. */
    private double graceSeconds() {
        return Math.min(MOST_GRACE_SECONDS, Math.max(LEAST_GRACE_SECONDS, GRACE_SHARE * limitSeconds));
    }

    private double secondsSince(long nanos) {
        return (nanoTime.getAsLong() - nanos) / NANOS_PER_SECOND;
    }

    /** To be called every now and then. */
    void look() throws IOException {
        RunClock.Standing now = standing.get();
        if (reported.isPresent() && !reported.get().equals(now)) {
            Files.deleteIfExists(place.report(place.rank()));
            reported = Optional.empty();
        } else if (reported.isPresent()) {
            judge();
        } else if (secondsSince(now.movedNanos()) >= limitSeconds) {
            write(now);
        }
    }

    private void write(RunClock.Standing now) throws IOException {
        Files.createDirectories(place.folder());
        StackTraceElement[] calls = stack.get();
        new HangReport(
                        place.rank(),
                        place.nodes().get(place.rank()),
                        now.phase(),
                        now.epoch(),
                        now.step(),
                        secondsSince(now.movedNanos()),
                        WAITS.contains(now.phase()) || isCollective(calls),
                        HangReport.top(calls))
                .write(place.report(place.rank()));
        reported = Optional.of(now);
        reportedNanos = nanoTime.getAsLong();
    }

    private boolean isCollective(StackTraceElement... calls) {
        return Stream.of(calls).anyMatch(call -> call.getClassName().equals(place.collectives()));
    }

    private void judge() throws IOException {
        if (secondsSince(reportedNanos) < graceSeconds()) {
            return;
        }
        Map<Integer, HangReport> reports = reports();
        long before =
                reports.keySet().stream().filter(rank -> rank < place.rank()).count();
        if (secondsSince(reportedNanos) >= graceSeconds() * (1 + before)) {
            String verdict = HangVerdict.of(reports, place.nodes());
            say(verdict, reports);
            if (place.cause().isPresent()) {
                Files.writeString(place.cause().get(), "hang\t" + verdict + "\n");
            }
            endJob.run();
        }
    }

    private Map<Integer, HangReport> reports() throws IOException {
        var reports = new TreeMap<Integer, HangReport>();
        for (int rank = 0; rank < place.nodes().size(); rank++) {
            Optional<HangReport> report = report(rank);
            if (report.isPresent()) {
                reports.put(rank, report.get());
            }
        }
        return reports;
    }

    /** Empty if the rank does not run, or gets on. */
    private Optional<HangReport> report(int rank) throws IOException {
        try {
            return Optional.of(HangReport.read(place.report(rank)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void say(String verdict, Map<Integer, HangReport> reports) {
        var text = new StringBuilder("mlhpc: the job hangs: ").append(verdict);
        reports.values().stream().filter(report -> !report.waiting()).forEach(report -> {
            text.append("\nrank ").append(report.rank()).append(':');
            report.stack().forEach(call -> text.append("\n    at ").append(call));
        });
        text.append("\nto continue from the last checkpoint, repeat the command with --resume and its --out");
        err.println(text);
        err.flush();
    }
}
