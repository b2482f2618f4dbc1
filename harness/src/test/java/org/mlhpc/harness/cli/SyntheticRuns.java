package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.results.entry.SampleLogs;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MachineFile;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.predict.Cluster;

/** Files as measurements and profiled runs leave them, of a machine whose steps add up: half of each ceiling, and 5 ms. */
final class SyntheticRuns {
    static final double EFFICIENCY = 0.5;
    static final double OVERHEAD = 0.005;

    /** Per second and thread. */
    static final double COMPUTE = 100e9;

    static final double MEMORY = 10e9;
    private static final double STORAGE = 1e9;
    private static final double FILE_BYTES = 1e6;

    /** Of evaluation by half of each ceiling and the overhead. */
    static final double EVALUATION = 1.25;

    /** Seconds of a loader thread for a sample; there are as many as compute threads. */
    static final double LOADING = 1e-3;

    private static final int CORES = 2;
    private static final int STEPS = 10;
    /** In the validation set, by the log. */
    private static final int EVAL_SAMPLES = 100;

    private SyntheticRuns() {}

    /** Makes {@code fit.json} in {@code folder}, of {@code machine.json} and 24 {@code runs} that it writes there. */
    static Captured fit(Path folder) throws IOException {
        writeMachine(folder.resolve("machine.json"));
        writeRuns(folder.resolve("runs"), 24);
        return fit(folder, "runs", "fit.json");
    }

    /** Makes the fit {@code out} of {@code runs} on {@code machine.json}, all in {@code folder}. */
    static Captured fit(Path folder, String runs, String out, String... options) {
        var words =
                new ArrayList<>(List.of("roofline", "fit", folder.resolve(runs).toString()));
        words.addAll(List.of("--machine", folder.resolve("machine.json").toString()));
        words.addAll(List.of("--out", folder.resolve(out).toString()));
        words.addAll(List.of(options));
        Captured fitted = Captured.of(words.toArray(new String[0]));
        assertEquals(0, fitted.code(), fitted.err());
        return fitted;
    }

    static void writeMachine(Path file) throws IOException {
        writeMachine(file, "cpu");
    }

    static void writeMachine(Path file, String cpu) throws IOException {
        var ceilings = new ArrayList<MeasuredCeiling>();
        for (int threads = 1; threads <= 2; threads++) {
            ceilings.add(ceiling(Resource.COMPUTE, "engine", "matmul", "fp32", threads, COMPUTE * threads));
            ceilings.add(ceiling(Resource.COMPUTE, "engine", "matmul", "bf16", threads, 2 * COMPUTE * threads));
            ceilings.add(ceiling(Resource.MEMORY, "DRAM", "triad", "", threads, MEMORY * threads));
        }
        ceilings.add(ceiling(Resource.STORAGE, "direct", "sequential read", "", 1, STORAGE));
        var collectives = List.of(
                Collective.of("ping-pong", 4, 2, new double[] {1e-6, 1e-6, 1e-6}),
                Collective.of("all-reduce", 1 << 20, 2, new double[] {1e-3, 1e-3, 1e-3}));
        MachineFile.write(
                file,
                MeasuredMachine.builder()
                        .host("synthetic")
                        .cpu(cpu)
                        .cores(CORES)
                        .memoryBytes(Optional.of(1L << 34))
                        .conditions(List.of("made up"))
                        .ceilings(ceilings)
                        .collectives(collectives)
                        .build());
    }

    private static MeasuredCeiling ceiling(
            Resource resource, String level, String operation, String precision, int threads, double rate) {
        var spread = new Spread(rate, rate, rate, 3);
        return MeasuredCeiling.of(
                resource, level, operation, precision, threads, resource.unit(), spread, Optional.empty());
    }

    /** Writes {@code count} runs of one rank below {@code folder}. */
    static void writeRuns(Path folder, int count) throws IOException {
        var random = new Random(1);
        for (int run = 0; run < count; run++) {
            Path own = folder.resolve("run-" + run);
            Files.createDirectories(own);
            long batch = 1L << (run % 4);
            int threads = 1 + run % 2;
            Optional<Double> limit = run % 3 == 0 ? Optional.of(20e6 * (1 + run)) : Optional.empty();
            double flop = batch * 4e9 * (1 + random.nextDouble());
            double bytes = batch * 3e8 * (1 + 4 * random.nextDouble());
            double files = batch * FILE_BYTES;
            double measured = seconds(batch, threads, limit, flop, bytes) * Math.exp(0.01 * random.nextGaussian());
            double evaluation = EVALUATION * evaluation(batch, threads, limit, flop / 3, bytes / 3);
            RunRecordFile.write(
                    own.resolve("run.json"),
                    record(profile(batch, threads, limit, flop, bytes, files, measured), threads, evaluation));
            SampleLogs.write(own.resolve("result_0.txt"), SampleLogs.cosmoflow(8, batch, 20_000));
        }
    }

    /** Of a batch, one resource after the other. */
    private static double seconds(long batch, int threads, Optional<Double> limit, double flop, double bytes) {
        double arithmetic = flop / (COMPUTE * threads);
        double loading = batch * LOADING;
        double taken = Cluster.LOST_TO_LOADER * Math.max(0, loading - (CORES - threads) * arithmetic) / threads;
        return OVERHEAD
                + (arithmetic + taken) / EFFICIENCY
                + bytes / (MEMORY * threads * EFFICIENCY)
                + limit.map(rate -> batch * FILE_BYTES / (rate * EFFICIENCY)).orElse(0.0)
                + loading / threads;
    }

    /** Of whole batches and a smaller last one, each with the overhead of a step. */
    private static double evaluation(long batch, int threads, Optional<Double> limit, double flop, double bytes) {
        long whole = EVAL_SAMPLES / batch;
        long rest = EVAL_SAMPLES % batch;
        double share = (double) rest / batch;
        return whole * seconds(batch, threads, limit, flop, bytes)
                + (rest == 0 ? 0 : seconds(rest, threads, limit, flop * share, bytes * share));
    }

    private static Profile profile(
            long batch, int threads, Optional<Double> limit, double flop, double bytes, double files, double seconds) {
        var spread = new Spread(seconds, seconds, seconds, 10);
        return new Profile(
                STEPS,
                seconds,
                spread,
                batch,
                1,
                threads,
                "fp32",
                limit,
                List.of(
                        phase("forward", seconds, flop, Map.of(Channel.MEMORY, bytes)),
                        phase("data_stall", 0, 0, Map.of(Channel.STORAGE, files)),
                        new Profile.Phase(
                                "evaluation",
                                Profile.RUN,
                                1,
                                Optional.empty(),
                                Optional.of(flop / 3 / batch * EVAL_SAMPLES),
                                Map.of(Channel.MEMORY, bytes / 3 / batch * EVAL_SAMPLES))),
                List.of(new Profile.Layer(
                        "conv3d",
                        List.of(batch, 16L, 32L, 32L, 32L),
                        new Profile.Pass(flop, bytes, Optional.of(spread)),
                        new Profile.Pass(2 * flop, bytes, Optional.of(spread)))),
                List.of(),
                Optional.empty());
    }

    private static Profile.Phase phase(String name, double seconds, double flop, Map<Channel, Double> bytes) {
        return new Profile.Phase(name, Profile.STEP, seconds, Optional.empty(), Optional.of(flop), bytes);
    }

    private static RunRecord.Epoch epoch(Profile profile, double evaluation) {
        long samples = profile.samplesPerStep() * STEPS;
        double seconds = profile.meanStepSeconds() * STEPS;
        var input = new RunRecord.Input(
                Math.round(samples * FILE_BYTES),
                Optional.empty(),
                0,
                samples * LOADING / seconds,
                profile.threadsPerRank());
        return new RunRecord.Epoch(1, 0.1, samples, seconds, 0, evaluation, 0, 0.3, 0.2, Optional.of(input));
    }

    private static RunRecord record(Profile profile, int threads, double evaluation) {
        RunRecord some = SampleRecords.RUN;
        RunRecord.Machine machine = some.machine();
        return new RunRecord(
                some.workload(),
                some.configuration(),
                some.index(),
                some.seed(),
                some.division(),
                some.status(),
                some.started(),
                some.suite(),
                Workloads.named("cosmoflow").settings("tiny").asMap(),
                some.settingsHash(),
                some.target(),
                some.model(),
                new RunRecord.Machine(
                        machine.host(),
                        1,
                        1,
                        threads,
                        machine.cpu(),
                        2,
                        machine.memoryBytesPerNode(),
                        "",
                        0,
                        machine.operatingSystem(),
                        machine.jdk(),
                        machine.mpi(),
                        machine.engine(),
                        machine.allocator()),
                some.phases(),
                some.runSeconds(),
                some.wallSeconds(),
                some.staging(),
                List.of(epoch(profile, evaluation)),
                some.interruptions(),
                some.ranks(),
                some.work(),
                Optional.of(profile),
                some.notes());
    }
}
