package org.mlhpc.cosmoflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.Settings;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.api.WorkloadSpec.Layer;

/** Expected numbers are those of the published models, counted by hand from their layer tables. */
class CosmoFlowTest {
    private final CosmoFlow workload = new CosmoFlow();

    private WorkloadSpec spec(String configuration) {
        return workload.spec(workload.settings(configuration));
    }

    @Test
    void referenceHasThePublishedParametersAndCost() {
        WorkloadSpec spec = spec("reference");

        assertEquals(8_907_556, spec.parameters());
        assertEquals(2.0 * 34_431_049_984L, spec.forwardFlopPerSample());
        assertEquals(206.6e9, spec.trainFlopPerSample(), 0.05e9);
        assertEquals("eval_error <= 0.124", spec.target().toString());
        assertEquals(List.of(), spec.unclosed());
    }

    @Test
    void modelOfTheFirstRoundHasThePublishedParametersAndCost() {
        WorkloadSpec spec = spec("v0.7");

        assertEquals(5_597_604, spec.parameters());
        assertEquals(20.41e9, spec.forwardFlopPerSample(), 0.005e9);
        assertEquals(1, spec.unclosed().size());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3488, 7247757312",
        "1, 55360, 14495514624",
        "4, 3539456, 1811939328",
        "5, 4194432, 4194304",
        "7, 260, 256"
    })
    void layersHaveThePublishedCost(int number, long parameters, long multiplyAdds) {
        Layer layer = spec("reference").layers().get(number);

        assertEquals(parameters, layer.parameters());
        assertEquals(multiplyAdds, layer.forwardMultiplyAdds());
    }

    @ParameterizedTest
    @CsvSource({
        // Peak 0.001 * 64 / 64 would be constant; a batch of 128 doubles it.
        "1, 0.001",
        "2, 0.00125",
        "5, 0.002",
        "33, 0.002",
        "34, 0.0005",
        "65, 0.0005",
        "66, 0.00025",
        "128, 0.00025"
    })
    void learningRateFollowsThePublishedScheduleWithStrictBoundaries(int epoch, double rate) {
        Schedule schedule =
                workload.settings("reference").with("global_batch_size", 128).bind(Schedule.class);

        // The value of 0-based epoch 33 is the first that exceeds the boundary 32.
        assertEquals(rate, schedule.rate(epoch), 1e-15);
    }

    @Test
    void logsThePeakRateAndTheBatchScaling() {
        Settings settings = workload.settings("reference").with("global_batch_size", 128);

        Map<String, Object> logged = workload.loggedHyperparameters(settings, 2);

        assertEquals(0.002, logged.get("opt_base_learning_rate"));
        assertEquals(2.0, logged.get("opt_learning_rate_warmup_factor"));
        assertEquals(0.25, logged.get("opt_learning_rate_decay_factor"));
        assertEquals("sgd", logged.get("opt_name"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sample_size=100",
                "dropout=1",
                "opt_weight_decay=-1",
                "precision=fp8",
                "lr_decay_factors=0.5",
                "target_mae=0",
                "max_epochs=0",
                "conv_filters=0"
            })
    void wrongValuesAreNamed(String setting) {
        String[] pair = setting.split("=", 2);
        Settings settings = workload.settings("reference").with(pair[0], pair[1]);

        var e = assertThrows(IllegalArgumentException.class, () -> workload.spec(settings));

        assertTrue(
                e.getMessage().contains(pair[0] + "=" + pair[1])
                        || e.getMessage().contains(pair[0] + "=[" + pair[1]),
                e.getMessage());
    }

    @Test
    void unknownConfigurationIsAnsweredWithTheKnownOnes() {
        var e = assertThrows(IllegalArgumentException.class, () -> workload.settings("huge"));

        assertTrue(e.getMessage().contains("tiny, small, reference, v0.7"), e.getMessage());
    }

    @Test
    void aPartOfThePublishedDataIsNotForTheClosedDivision(@TempDir Path data) throws IOException {
        Settings reference = workload.settings("reference");
        assertEquals(List.of(), workload.unclosed(reference, data), "what is missing is said when the data are opened");

        Files.createDirectories(data.resolve("validation"));
        Files.createFile(data.resolve("validation/universe_000.tfrecord"));

        assertEquals(
                List.of(data.resolve("validation") + " holds 1 samples instead of 65536"),
                workload.unclosed(reference, data));
        assertEquals(
                List.of("train_samples=100 instead of 524288"),
                workload.spec(reference.with("train_samples", 100)).unclosed());
        assertEquals(
                List.of(), workload.spec(reference.with("target_mae", "0.1240")).unclosed());
    }
}
