package org.mlhpc.harness;

import java.util.ArrayList;
import java.util.List;
import org.mlhpc.results.RunRecord;

/** What a run has done so far; a resumed run takes it over from its checkpoint. */
final class RunState {
    private final List<RunRecord.Epoch> epochs = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long runStartMillis;

    void restore(Checkpoint checkpoint) {
        runStartMillis = checkpoint.runStartMillis();
        epochs.addAll(checkpoint.epochs());
        checkpoint.notes().forEach(this::note);
        note("resumed after epoch " + checkpoint.epoch()
                + "; the score includes the time between, and bytes by channel count from there");
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
