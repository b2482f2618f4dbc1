package org.mlhpc.results;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.Work;

/** A record of a run, for tests. */
public final class SampleRecords {
    /** What an epoch read, where the device was not measured. */
    public static final RunRecord.Input INPUT = new RunRecord.Input(1, Optional.empty(), 0.125, 3.1, 2);

    /** A run without staging. */
    public static final RunRecord RUN = new RunRecord(
            "cosmoflow",
            "tiny",
            0,
            7,
            "open",
            "success",
            Instant.parse("2026-01-02T03:04:05.678Z"),
            new RunRecord.Suite("1.0", "abc", List.of("run", "cosmoflow")),
            Map.of("base_lr", "0.1"),
            "00ff",
            new RunRecord.Goal("eval_error", true, 0.124),
            new RunRecord.Model(1000, 2e9),
            new RunRecord.Machine(
                    "host", 1, 2, 1, "cpu", 2, 1L << 30, "", 0, "Linux", "JDK", "Open MPI", "libtorch", "jemalloc"),
            Map.of("forward", 0.1),
            12.5,
            16.0,
            Optional.empty(),
            List.of(new RunRecord.Epoch(1, 0.1, 64, 4, 0.25, 1, 0.5, 0.3, 0.2, Optional.of(INPUT))),
            List.of(new RunRecord.Interruption(
                    1,
                    Optional.of(17L),
                    Instant.parse("2026-01-02T03:05:00Z"),
                    Instant.parse("2026-01-02T03:05:04.500Z"),
                    4.5)),
            List.of(new RunRecord.Rank(0, "n1", 0.5, 0.1, 0, Optional.of(0.25))),
            new Work(1e12, Map.of(Channel.NETWORK, 3.0)),
            Optional.empty(),
            List.of("a note"));

    /** A profile with one operator whose backward was not timed. */
    public static final Profile PROFILE = new Profile(
            9,
            0.25,
            new Spread(0.2, 0.1, 0.3, 9),
            4,
            2,
            1,
            "fp32",
            Optional.of(5e7),
            List.of(
                    new Profile.Phase(
                            "forward",
                            Profile.STEP,
                            0.125,
                            Optional.of(new Spread(0.1, 0.1, 0.2, 9)),
                            Optional.of(2e9),
                            Map.of(Channel.MEMORY, 3e6)),
                    new Profile.Phase("checkpoint", Profile.RUN, 0.5, Optional.empty(), Optional.of(0.0), Map.of())),
            List.of(new Profile.Layer(
                    "conv3d",
                    List.of(2L, 16L, 8L, 8L, 8L),
                    new Profile.Pass(1e9, 1e6, Optional.of(new Spread(0.01, 0.01, 0.01, 7))),
                    new Profile.Pass(1e9, 2e6, Optional.empty()))),
            List.of(new Profile.Counted("block devices", "storage", "node", 12e6, "bytes")),
            Optional.of(0.001));

    /** {@link #RUN}, profiled. */
    public static RunRecord profiled() {
        return profiled(PROFILE, RUN.machine().nodes());
    }

    /** {@link #RUN} with another profile and as many nodes. */
    public static RunRecord profiled(Profile profile, int nodes) {
        return profiled(profile, nodes, INPUT);
    }

    /** The same with one epoch, of 3.75 s beside {@code input}. */
    public static RunRecord profiled(Profile profile, int nodes, RunRecord.Input input) {
        return profiled(profile, nodes, List.of(Optional.of(input)));
    }

    /** The same with as many epochs as {@code inputs}. */
    public static RunRecord profiled(Profile profile, int nodes, List<Optional<RunRecord.Input>> inputs) {
        RunRecord.Machine own = RUN.machine();
        var machine = new RunRecord.Machine(
                own.host(),
                nodes,
                profile.ranks(),
                profile.threadsPerRank(),
                own.cpu(),
                own.coresPerNode(),
                own.memoryBytesPerNode(),
                own.accelerator(),
                own.acceleratorsPerNode(),
                own.operatingSystem(),
                own.jdk(),
                own.mpi(),
                own.engine(),
                own.allocator());
        return new RunRecord(
                RUN.workload(),
                RUN.configuration(),
                RUN.index(),
                RUN.seed(),
                RUN.division(),
                RUN.status(),
                RUN.started(),
                RUN.suite(),
                RUN.settings(),
                RUN.settingsHash(),
                RUN.target(),
                RUN.model(),
                machine,
                RUN.phases(),
                RUN.runSeconds(),
                RUN.wallSeconds(),
                RUN.staging(),
                IntStream.range(0, inputs.size())
                        .mapToObj(i -> new RunRecord.Epoch(i + 1, 0.1, 64, 4, 0.25, 1, 0.5, 0.3, 0.2, inputs.get(i)))
                        .toList(),
                RUN.interruptions(),
                RUN.ranks(),
                RUN.work(),
                Optional.of(profile),
                RUN.notes());
    }

    private SampleRecords() {}
}
