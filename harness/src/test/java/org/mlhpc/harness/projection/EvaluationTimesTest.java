package org.mlhpc.harness.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.SampleProfiles;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.RateByThreads;

class EvaluationTimesTest {
    private static final double FLOP_PER_SAMPLE = 1e9;
    private static final int EVAL_SAMPLES = 5;

    /** A batch of four on two ranks that also evaluated five samples. */
    private static ProfiledRun run() {
        Profile usual = SampleProfiles.of(2, "fp32", Optional.empty(), "forward", Map.of(Channel.MEMORY, 1e6));
        var evaluation = new Profile.Phase(
                "evaluation", Profile.RUN, 1, Optional.empty(), Optional.of(EVAL_SAMPLES * FLOP_PER_SAMPLE), Map.of());
        var profile = new Profile(
                usual.steps(),
                usual.meanStepSeconds(),
                usual.stepSeconds(),
                usual.samplesPerStep(),
                usual.ranks(),
                usual.threadsPerRank(),
                usual.precision(),
                usual.storageLimit(),
                List.of(usual.phases().get(0), evaluation),
                usual.layers(),
                List.of(),
                Optional.empty());
        RunRecord record = SampleRecords.profiled(profile, 1);
        return new ProfiledRun(Path.of("run.json"), record, profile, 64, EVAL_SAMPLES, List.of(), "run");
    }

    /**
     * One rank has three of the five samples: a batch of two, and a last one of half as many, each with the overhead of a step. A
     * prediction counts the same way, so that one of this very run gives what was measured.
     */
    @Test
    void theFactorIsOfWholeBatchesAndASmallerLastOne() {
        var rate = new RateByThreads(new TreeMap<>(Map.of(2, 10e9)));
        var cluster = new Cluster(
                "test",
                2,
                2,
                rate,
                rate,
                1e9,
                1e9,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        ProfiledRun run = run();
        double overhead = 1;
        var model = new StepModel(Map.of(Resource.COMPUTE, 0.5), overhead, 1);
        double batch = 4 * FLOP_PER_SAMPLE / 10e9 / 0.5;
        double measured = run.record().epochs().get(0).evalSeconds();
        double factor = new EvaluationTimes(model, cluster, new LoadingTimes(List.of(run)))
                .factor(List.of(run))
                .orElseThrow();
        assertEquals(measured / (overhead + batch + overhead + batch / 2), factor, 1e-9);
    }
}
