package org.mlhpc.results;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Spread;

/** Profiles with one phase, for tests: {@link SampleRecords#PROFILE} otherwise. */
public final class SampleProfiles {
    private SampleProfiles() {}

    /** A step of 250 ms, all of it in one phase with 2 GFLOP. */
    public static Profile of(
            int ranks, String precision, Optional<Double> storageLimit, String phase, Map<Channel, Double> bytes) {
        Profile usual = SampleRecords.PROFILE;
        return new Profile(
                usual.steps(),
                usual.meanStepSeconds(),
                usual.stepSeconds(),
                usual.samplesPerStep(),
                ranks,
                usual.threadsPerRank(),
                precision,
                storageLimit,
                List.of(new Profile.Phase(
                        phase, Profile.STEP, 0.25, Optional.of(Spread.of(0.25)), Optional.of(2e9), bytes)),
                usual.layers(),
                List.of(),
                Optional.empty());
    }
}
