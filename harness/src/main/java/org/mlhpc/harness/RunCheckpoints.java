package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.Trainer;

/** The checkpoints of one run: rank 0 writes, all ranks read. */
final class RunCheckpoints {
    private final RunPlan plan;
    private final Communicator world;
    private final RunClock clock;
    private final InstantSource instants;
    private final Checkpoints checkpoints;
    private long writtenBytes;
    private List<Map<String, Double>> phases = List.of();

    RunCheckpoints(RunPlan plan, Communicator world, RunClock clock, InstantSource instants) {
        this.plan = plan;
        this.world = world;
        this.clock = clock;
        this.instants = instants;
        this.checkpoints = new Checkpoints(plan.files().checkpoints());
    }

    /**
     * The checkpoint to go on from, if the plan is to resume and there is one. Rank 0 chooses, so that all go on from the same
     * state even if one sees an older state of the file system. Collective.
     */
    Optional<Checkpoint> find(RunState state) throws IOException {
        if (!plan.resume()) {
            return Optional.empty();
        }
        Optional<Checkpoint> found = checkpoints.newest(state::note);
        boolean sameEpoch = seenByRankZero(found.map(Checkpoint::epoch).orElse(0));
        boolean sameStep = seenByRankZero(found.map(Checkpoint::steps).orElse(0L));
        if (!sameEpoch || !sameStep) {
            throw new IOException("rank " + world.rank() + " does not see the newest checkpoint in "
                    + plan.files().checkpoints() + ": is --out on a file system that all nodes share?");
        }
        found.ifPresent(checkpoint -> Checkpoints.requireSame(identity(), checkpoint));
        return found;
    }

    private boolean seenByRankZero(long own) {
        return (long) world.max(world.rank() == 0 ? (double) own : 0) == own;
    }

    private Map<String, String> identity() {
        var identity = new TreeMap<>(plan.settings().asMap());
        identity.put("workload", plan.workload().name());
        identity.put("seed", Long.toString(plan.seed()));
        identity.put("ranks", Integer.toString(world.size()));
        return identity;
    }

    void load(Checkpoint checkpoint, Trainer<?> trainer) throws IOException {
        trainer.loadState(checkpoints.state(checkpoint));
    }

    /** The file with the trainer's state at {@code position}, on rank 0. Collective. */
    Optional<Path> saveState(Checkpoint.Position position, Trainer<?> trainer) throws IOException {
        clock.enter(Phase.CHECKPOINT);
        clock.await(() -> phases = clock.secondsOfRanks(world));
        Optional<Path> file =
                world.rank() == 0 ? Optional.of(checkpoints.saveState(position, trainer)) : Optional.empty();
        clock.enter(Phase.HARNESS);
        return file;
    }

    /** Length of all files of state that were completed; 0 on all ranks but 0. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Makes the state in {@code file} and what is known of the run a checkpoint. */
    void complete(Path file, RunState state, Optional<EpochProgress> begun, long steps, RunLog log) throws IOException {
        clock.enter(Phase.CHECKPOINT);
        Manifest.Entry entry = Manifest.entryOf(file);
        writtenBytes += entry.bytes();
        var phasesOfRanks = new ArrayList<>(phases);
        // Saving the state, too, has taken time.
        phasesOfRanks.set(0, clock.secondsByPhase());
        checkpoints.complete(new Checkpoint(
                state.epochs().size(),
                identity(),
                String.valueOf(file.getFileName()),
                entry.bytes(),
                entry.crc32c(),
                log.bytes(),
                state.runStartMillis(),
                instants.millis(),
                steps,
                begun,
                phasesOfRanks,
                state.epochs(),
                state.interruptions(),
                state.notes()));
        clock.enter(Phase.HARNESS);
    }
}
