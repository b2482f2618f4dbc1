package org.mlhpc.harness;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mlhpc.api.FileErrors;

/**
 * Ends a job that does not get on any more. Each rank watches its own main thread and writes down where it stands once it has not
 * moved for the limit; nothing is written or sent before. From then on those that get on say so at each look. Once nobody has for a
 * while, the lowest rank that has written reads what is there, says who is to blame, and ends the job; if it dies over that, the
 * next one does.
 *
 * <p>Where the file system of the output hangs as well, nobody can say so.
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

    private final HangFolder folder;

    private Optional<RunClock.Standing> reported = Optional.empty();
    /** Since when this rank, with a report, has not seen that another gets on. */
    private long quietNanos;
    /** When it first could not write its report, since it last could. */
    private OptionalLong failedNanos = OptionalLong.empty();

    /**
     * What a watchdog has to know of its job.
     *
     * @param nodes names of the nodes of all ranks, by rank
     * @param folder for the reports of the ranks
     * @param cause file for the reason why the job ends, if somebody wants to know
     * @param collectives name of the class whose methods wait for other ranks
     */
    record Place(int rank, List<String> nodes, Path folder, Optional<Path> cause, String collectives) {}

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
        this.folder = new HangFolder(place.folder(), place.rank());
    }

    /** How long the others get to write what they have to say. */
    private double graceSeconds() {
        return Math.min(MOST_GRACE_SECONDS, Math.max(LEAST_GRACE_SECONDS, GRACE_SHARE * limitSeconds));
    }

    private double secondsSince(long nanos) {
        return (nanoTime.getAsLong() - nanos) / NANOS_PER_SECOND;
    }

    /**
     * To be called every now and then. What fails is tried again at the next call.
     *
     * @throws IOException if this rank has stood too long, and still cannot say so
     */
    void look() throws IOException {
        RunClock.Standing now = standing.get();
        if (reported.isPresent() && !reported.get().equals(now) && folder.removeReport()) {
            reported = Optional.empty();
        }
        if (reported.isPresent() && reported.get().equals(now)) {
            judge();
        } else if (secondsSince(now.movedNanos()) >= limitSeconds) {
            report(now);
        } else {
            failedNanos = OptionalLong.empty();
            folder.sayMoving();
        }
    }

    private void report(RunClock.Standing now) throws IOException {
        StackTraceElement[] calls = stack.get();
        var report = new HangReport(
                place.rank(),
                place.nodes().get(place.rank()),
                now.phase(),
                now.epoch(),
                now.step(),
                secondsSince(now.movedNanos()),
                WAITS.contains(now.phase()) || isCollective(calls),
                HangReport.top(calls));
        try {
            folder.write(report);
        } catch (IOException e) {
            failedNanos = OptionalLong.of(failedNanos.orElse(nanoTime.getAsLong()));
            if (secondsSince(failedNanos.getAsLong()) >= graceSeconds()) {
                throw e;
            }
            return;
        }
        failedNanos = OptionalLong.empty();
        reported = Optional.of(now);
        quietNanos = nanoTime.getAsLong();
    }

    private boolean isCollective(StackTraceElement... calls) {
        return Stream.of(calls).anyMatch(call -> call.getClassName().equals(place.collectives()));
    }

    /** Each rank with a report has its turn, by number; only in its turn a rank reads what others say. */
    private void judge() {
        SortedSet<Integer> standing = folder.ranksWithReport();
        int before = standing.headSet(place.rank()).size();
        if (secondsSince(quietNanos) < graceSeconds() * before) {
            return;
        }
        if (folder.anyMoves()) {
            quietNanos = nanoTime.getAsLong();
        } else if (secondsSince(quietNanos) >= graceSeconds() * (1 + before)) {
            Map<Integer, HangReport> reports = folder.read(standing);
            String verdict = HangVerdict.of(reports, place.nodes());
            say(verdict, reports);
            noteCause(verdict);
            endJob.run();
        }
    }

    private void noteCause(String verdict) {
        if (place.cause().isPresent()) {
            try {
                EndCause.write(place.cause().get(), "hang", verdict);
            } catch (IOException e) {
                err.println("mlhpc: " + FileErrors.message(e));
            }
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
