package org.mlhpc.results;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Channel;
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
            List.of(new RunRecord.Rank(0, 0.5, 0.1, 0)),
            new Work(1e12, Map.of(Channel.NETWORK, 3.0)),
            Optional.empty(),
            List.of("a note"));

    private SampleRecords() {}
}
