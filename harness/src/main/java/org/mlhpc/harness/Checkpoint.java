package org.mlhpc.harness;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mlhpc.results.RunRecord;

/**
 * Where a run stood after an epoch, or after a step within one.
 *
 * @param epoch finished epochs
 * @param identity what must be equal for another process to go on: workload, settings, seed, ranks
 * @param crc32c checksum of the state file
 * @param logBytes length of the log at that point
 * @param runStartMillis time of run_start
 * @param savedMillis when this was saved
 * @param steps of training so far
 * @param begun how far the epoch behind the finished ones has come; empty if it has not begun
 * @param phases seconds by phase so far, of each rank
 */
record Checkpoint(
        int epoch,
        Map<String, String> identity,
        String stateFile,
        long stateBytes,
        long crc32c,
        long logBytes,
        long runStartMillis,
        long savedMillis,
        long steps,
        Optional<EpochProgress> begun,
        List<Map<String, Double>> phases,
        List<RunRecord.Epoch> epochs,
        List<RunRecord.Interruption> interruptions,
        List<String> notes) {

    /**
     * A moment of a run.
     *
     * @param epoch from 1
     * @param step last one done in this epoch; empty: the epoch has ended
     */
    record Position(int epoch, Optional<Long> step) implements Comparable<Position> {
        private static final Pattern FILE_NAME = Pattern.compile("epoch_(\\d{1,9})(?:-step_(\\d{1,18}))?");

        static Position after(int epoch) {
            return new Position(epoch, Optional.empty());
        }

        /** The inverse of {@link #fileName}; empty for other files. */
        static Optional<Position> ofFileName(String name) {
            Matcher matcher = FILE_NAME.matcher(name);
            return matcher.matches()
                    ? Optional.of(new Position(
                            Integer.parseInt(matcher.group(1)),
                            Optional.ofNullable(matcher.group(2)).map(Long::parseLong)))
                    : Optional.empty();
        }

        /** By time: the end of an epoch comes after all its steps. */
        @Override
        public int compareTo(Position other) {
            int byEpoch = Integer.compare(epoch, other.epoch);
            return byEpoch != 0
                    ? byEpoch
                    : Long.compare(step.orElse(Long.MAX_VALUE), other.step.orElse(Long.MAX_VALUE));
        }

        /** Name of the files of a checkpoint, before the suffix. */
        String fileName() {
            return String.format(Locale.ROOT, "epoch_%04d", epoch)
                    + step.map(number -> String.format(Locale.ROOT, "-step_%08d", number))
                            .orElse("");
        }

        @Override
        public String toString() {
            return "epoch " + epoch + step.map(number -> ", step " + number).orElse("");
        }
    }

    Position position() {
        return begun.map(progress -> new Position(epoch + 1, Optional.of(progress.step())))
                .orElse(Position.after(epoch));
    }
}
