package org.mlhpc.harness;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.RunRecord;

/** What a run has done so far; a resumed run takes it over from its checkpoint. */
final class RunState {
    private static final double SECONDS_PER_MILLISECOND = 1e-3;

    private final List<RunRecord.Epoch> epochs = new ArrayList<>();
    private final List<RunRecord.Interruption> interruptions = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<EpochProgress> begunEpoch = Optional.empty();
    private long runStartMillis;

    /** Goes on from {@code checkpoint} at {@code now}. */
    RunRecord.Interruption restore(Checkpoint checkpoint, Instant now) {
        runStartMillis = checkpoint.runStartMillis();
        epochs.addAll(checkpoint.epochs());
        begunEpoch = checkpoint.begun();
        checkpoint.notes().forEach(this::note);
        Checkpoint.Position position = checkpoint.position();
        note("resumed after " + position
                + "; the score includes the time between, and bytes by channel count from there");
        Instant saved = Instant.ofEpochMilli(checkpoint.savedMillis());
        var interruption = new RunRecord.Interruption(
                position.epoch(),
                position.step(),
                saved,
                now,
                Duration.between(saved, now).toMillis() * SECONDS_PER_MILLISECOND);
        interruptions.addAll(checkpoint.interruptions());
        interruptions.add(interruption);
        return interruption;
    }

    /** How far the next epoch has come in an earlier part of the run, if it has begun. To be asked once. */
    Optional<EpochProgress> takeBegunEpoch() {
        Optional<EpochProgress> taken = begunEpoch;
        begunEpoch = Optional.empty();
        return taken;
    }

    List<RunRecord.Interruption> interruptions() {
        return interruptions;
    }

    void start(long millis) {
        runStartMillis = millis;
    }

    /** Time of run_start, in milliseconds since 1970; 0 on all ranks but 0. */
    long runStartMillis() {
        return runStartMillis;
    }

    void add(RunRecord.Epoch epoch) {
        epochs.add(epoch);
    }

    List<RunRecord.Epoch> epochs() {
        return epochs;
    }

    /** The quality after the last epoch; NaN before the first. */
    double quality() {
        return epochs.isEmpty() ? Double.NaN : epochs.get(epochs.size() - 1).quality();
    }

    /** Adds a remark that a reader of the results has to know, once. */
    void note(String remark) {
        if (!notes.contains(remark)) {
            notes.add(remark);
        }
    }

    List<String> notes() {
        return notes;
    }
}
