package org.mlhpc.harness.profile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.OperatorTime;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Trainer;
import org.mlhpc.results.Profile;
import org.mlhpc.roofline.Spread;

/** Work of each operator beside its time in a few steps of their own, after the run. */
final class OperatorTable {
    /** Passes timed, after one that is not. */
    private static final int PASSES = 7;

    private final Map<String, List<OperatorTime>> times = new LinkedHashMap<>();

    /**
     * Times the operators on the first batch of {@code epoch}. Collective.
     *
     * @param epoch one that the run has not reached; any will do, as all batches are alike
     */
    <B extends Batch> void time(Trainer<B> trainer, Dataset<B> dataset, int epoch) throws IOException {
        try (BatchReader<B> batches = dataset.train(epoch)) {
            if (!batches.next()) {
                return;
            }
            trainer.timeOperators(batches.batch());
            for (int pass = 0; pass < PASSES; pass++) {
                for (OperatorTime time : trainer.timeOperators(batches.batch())) {
                    times.computeIfAbsent(time.name(), name -> new ArrayList<>())
                            .add(time);
                }
            }
        }
    }

    List<Profile.Layer> layers(StepWork work) {
        return work.operators().stream().map(this::layer).toList();
    }

    private Profile.Layer layer(OperatorWork work) {
        OperatorWork.Pass forward = work.forward();
        OperatorWork.Pass backward = work.backward();
        return new Profile.Layer(
                work.name(),
                work.output(),
                new Profile.Pass(forward.flop(), forward.bytes(), spread(work.name(), OperatorTime::forwardSeconds)),
                new Profile.Pass(
                        work.executedBackwardFlop(),
                        backward.bytes(),
                        spread(work.name(), OperatorTime::backwardSeconds)));
    }

    private Optional<Spread> spread(String name, ToDoubleFunction<OperatorTime> seconds) {
        List<OperatorTime> measured = times.getOrDefault(name, List.of());
        return measured.isEmpty()
                ? Optional.empty()
                : Optional.of(Spread.of(measured.stream().mapToDouble(seconds).toArray()));
    }
}
