package org.mlhpc.slurm.status;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that happened to a run: a line of {@code events_<i>.tsv}.
 *
 * @param job as Slurm names it: {@code 12}, or {@code 12_3} for a task of an array
 * @param restart how often Slurm had started the job again by then
 * @param text what the kind asks for
 */
public record Event(Instant time, String job, int restart, Kind kind, String text) {
    private static final int COLUMNS = 5;

    /** What kinds there are (docs/adr/0016-campaigns.md). */
    public enum Kind {
        STARTED,
        PREFLIGHT,
        SIGNAL,
        STOPPED,
        REQUEUED,
        RESUBMITTED,
        KILLED,
        OOM,
        HANG,
        FAILED,
        FINISHED,
        /** Of a job that left the run alone, since another one is at work on it. */
        REFUSED;

        /**
         * Whether it may be the first word about how a start of the run ended; what is found before a start is none, nor what became of
         * another job.
         */
        boolean ends() {
            return this != STARTED && this != SIGNAL && this != PREFLIGHT && this != REFUSED;
        }

        /** Its name in the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The event of a line; empty of one that is not complete yet, or of a kind that later versions may add. */
    static Optional<Event> parse(String line) {
        String[] cells = line.split("\t", COLUMNS);
        if (cells.length < COLUMNS || !cells[2].matches("\\d{1,9}")) {
            return Optional.empty();
        }
        Optional<Kind> kind = Arrays.stream(Kind.values())
                .filter(known -> known.word().equals(cells[3]))
                .findFirst();
        try {
            Instant time = Instant.parse(cells[0]);
            return kind.map(known -> new Event(time, cells[1], Integer.parseInt(cells[2]), known, cells[4]));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
