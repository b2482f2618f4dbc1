package org.mlhpc.harness;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Target.Goal;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Work;
import org.mlhpc.roofline.counters.ProcessStorage;

/** Puts together what a run says about itself. */
final class RunRecords {
    private final RunPlan plan;
    private final WorkloadSpec spec;
    private final Communicator world;
    private final ProcessStorage storage;
    private final OptionalLong storageBefore;
    private final long payloadBefore;

    /** What the ranks say together. */
    record Totals(Map<Channel, Double> bytes, List<RunRecord.Rank> ranks) {}

    RunRecords(RunPlan plan, WorkloadSpec spec, Communicator world, ProcessStorage storage) {
        this.plan = plan;
        this.spec = spec;
        this.world = world;
        this.storage = storage;
        this.storageBefore = storage.bytes();
        this.payloadBefore = world.payloadBytes();
    }

    /** Bytes since this object was made, over all ranks, and what each rank says of itself. Collective. */
    Totals total(RunClock clock, List<String> nodes, Optional<Double> ownSecondsPerStep) {
        OptionalLong now = storage.bytes();
        boolean measured = now.isPresent() && storageBefore.isPresent();
        boolean measuredEverywhere = world.max(measured ? 0 : 1) == 0;
        double ownStorage = measured ? (double) (now.getAsLong() - storageBefore.getAsLong()) : 0;
        double ownPayload = world.payloadBytes() - payloadBefore;
        double[] sums = {ownPayload, ownStorage};
        world.sum(sums);
        double[] stalls = world.gather(clock.seconds(Phase.DATA_STALL));
        double[] reduces = world.gather(clock.seconds(Phase.ALL_REDUCE));
        double[] storages = world.gather(ownStorage);
        double[] steps = world.gather(ownSecondsPerStep.orElse(Double.NaN));
        var ranks = new ArrayList<RunRecord.Rank>();
        for (int rank = 0; rank < stalls.length; rank++) {
            Optional<Double> step = Optional.of(steps[rank]).filter(Double::isFinite);
            ranks.add(new RunRecord.Rank(rank, nodes.get(rank), stalls[rank], reduces[rank], storages[rank], step));
        }
        var bytes = new EnumMap<Channel, Double>(Channel.class);
        bytes.put(Channel.NETWORK, world.size() > 1 ? sums[0] : 0.0);
        if (measuredEverywhere) {
            bytes.put(Channel.STORAGE, sums[1]);
        }
        return new Totals(bytes, ranks);
    }

    RunRecord assemble(
            Instant started,
            Outcome outcome,
            double runSeconds,
            RunClock clock,
            Optional<RunRecord.Staging> staging,
            List<RunRecord.Epoch> epochs,
            List<RunRecord.Interruption> interruptions,
            RunRecord.Machine machine,
            Totals totals,
            Optional<Profile> profile,
            List<String> notes) {
        double samples =
                epochs.stream().mapToLong(RunRecord.Epoch::trainSamples).sum();
        Map<String, Double> phases = clock.secondsByPhase();
        double wallSeconds =
                phases.values().stream().mapToDouble(Double::doubleValue).sum();
        return new RunRecord(
                plan.workload().name(),
                plan.configuration(),
                plan.index(),
                plan.seed(),
                plan.division(),
                outcome.status(),
                started,
                new RunRecord.Suite(SuiteVersion.version(), SuiteVersion.gitRevision(), plan.command()),
                plan.settings().asMap(),
                hash(plan.settings()),
                new RunRecord.Goal(
                        spec.target().metric(),
                        spec.target().goal() == Goal.AT_MOST,
                        spec.target().threshold()),
                new RunRecord.Model(spec.parameters(), spec.trainFlopPerSample()),
                machine,
                phases,
                runSeconds,
                wallSeconds,
                staging,
                epochs,
                interruptions,
                totals.ranks(),
                new Work(samples * spec.trainFlopPerSample(), totals.bytes()),
                profile,
                notes);
    }

    /** SHA-256 of the lines {@code key=value}, sorted by key. */
    static String hash(Settings settings) {
        var text = new StringBuilder();
        settings.asMap()
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
