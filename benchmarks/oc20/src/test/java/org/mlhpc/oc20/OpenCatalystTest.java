package org.mlhpc.oc20;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.oc20.ForceTraining.Objective;
import org.mlhpc.oc20.data.GraphBatch;
import org.mlhpc.torch.TorchTrainer;

/** Expected numbers are those of the published model, counted by hand from its layers. */
class OpenCatalystTest {
    private final OpenCatalyst workload = new OpenCatalyst();
    private final Settings reference = workload.settings("reference");

    @Test
    void referenceHasThePublishedParameters() {
        WorkloadSpec spec = workload.spec(reference);

        assertEquals(1_810_182, spec.parameters());
        assertEquals("eval_error <= 0.036", spec.target().toString());
        assertEquals(List.of(), spec.unclosed());
        assertEquals(
                1_810_182,
                reference.bind(Architecture.class).parameters().stream()
                        .mapToLong(parameter -> parameter.elements())
                        .sum());
    }

    @ParameterizedTest
    @CsvSource({"embedding, 130374", "output_blocks.0, 149568", "interaction_blocks.2, 360512", "forces, 0"})
    void blocksHaveThePublishedParameters(String name, long parameters) {
        var layer = workload.spec(reference).layers().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();

        // The six frequencies of the radial basis are counted with the embedding.
        assertEquals(parameters, layer.parameters());
    }

    /** Twice, for the energy and for its derivative. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0, 1190160", "0, 1, 0, 2544", "0, 0, 1, 590592"})
    void multiplyAddsArePublishedOnesByEdgeTripletAndAtom(int edges, int triplets, int atoms, long expected) {
        Settings more = reference.with(
                Map.of("work_edges", "" + (1 + edges), "work_triplets", "" + triplets, "work_atoms", "" + (1 + atoms)));
        Settings less = reference.with(Map.of("work_edges", "1", "work_triplets", "0", "work_atoms", "1"));

        double difference =
                workload.spec(more).forwardFlopPerSample() - workload.spec(less).forwardFlopPerSample();

        assertEquals(2 * 2.0 * expected, difference);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.00008",
        "15626, 0.00024",
        "31252, 0.0004",
        "31253, 0.0004",
        "125007, 0.0004",
        "125008, 0.00004",
        "250016, 0.0000004"
    })
    void learningRateFollowsThePublishedSchedule(long updates, double rate) {
        assertEquals(rate, reference.bind(Schedule.class).rate(updates), 1e-12);
    }

    @Test
    void logsWhatTheRulesWant() {
        Map<String, Object> logged = workload.loggedHyperparameters(reference, 2);

        assertEquals(
                List.of(
                        "global_batch_size",
                        "opt_name",
                        "opt_base_learning_rate",
                        "opt_learning_rate_warmup_steps",
                        "opt_learning_rate_warmup_factor",
                        "opt_learning_rate_decay_boundary_steps",
                        "opt_learning_rate_decay_factor"),
                List.copyOf(logged.keySet()));
        assertEquals("AdamW", logged.get("opt_name"));
    }

    /** A new network predicts no forces, as published, and yet every parameter gets its gradient. */
    @Test
    void initialForcesAreZeroAndInitialWeightsAsPublished() {
        try (var scope = new PointerScope();
                var net = new DimeNet(Graphs.settings().bind(Architecture.class), ScalarType.Float, 1);
                var training = new ForceTraining(net, reference.bind(Objective.class), new LocalCommunicator())) {
            var batch = Graphs.batch(Graphs.graph(1));
            assertEquals(
                    0,
                    net.predict(batch, false, (name, output, last) -> {})
                            .forces()
                            .abs()
                            .max()
                            .item_double());
            training.prepare(batch);
            training.loss(batch).backward();
            var specs = Graphs.settings().bind(Architecture.class).parameters();
            for (int i = 0; i < specs.size(); i++) {
                Tensor weight = net.parameters().tensors().get(i);
                assertTrue(weight.grad().defined(), specs.get(i).name());
                if (specs.get(i).name().endsWith("lin_kj.weight")) {
                    // Variance 2 / (fan in + fan out) of 144 values that are orthogonal.
                    assertEquals(2.0 / 24, weight.var().item_double(), 1e-6);
                    Tensor gram = weight.matmul(weight.t());
                    assertEquals(0, gram.select(0, 0).select(0, 1).item_double(), 1e-6);
                }
            }
        }
    }

    @Test
    void theAccountHasTheOperatorsThatTheNetworkRuns() {
        StepWork work = workload.stepWork(Graphs.settings(), 2).orElseThrow();
        var ran = new ArrayList<String>();
        try (var scope = new PointerScope();
                var training = new ForceTraining(
                        Graphs.net(Graphs.settings(), ScalarType.Float),
                        reference.bind(Objective.class),
                        new LocalCommunicator())) {
            GraphBatch batch = Graphs.batch(Graphs.graph(1));
            training.prepare(batch);
            training.loss(batch, (name, output, last) -> ran.add(name));
        }

        assertEquals(work.operators().stream().map(OperatorWork::name).toList(), ran);
        assertEquals(2, work.samples());
        // Forces take as much as the energy, and backward of both twice as much as both.
        double all = work.forward().flop();
        assertEquals(2 * all, work.backward().flop(), 1e-9 * all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hidden_channels=0",
                "num_spherical=1",
                "num_output_layers=0",
                "warmup_factor=2",
                "lr_milestones=20,10",
                "target_forces_mae=0",
                "opt_betas=1",
                "force_coefficient=0",
                "work_edges=0"
            })
    void wrongValuesAreNamed(String setting) {
        String[] pair = setting.split("=", 2);
        Settings settings = reference.with(pair[0], pair[1]);

        var e = assertThrows(IllegalArgumentException.class, () -> workload.spec(settings));

        assertTrue(e.getMessage().contains(pair[0] + "="), e.getMessage());
    }

    /** One bucket would leave nothing to average while backward goes on. */
    @Test
    void gradientsAreAveragedInSeveralBuckets() {
        var buckets = reference
                .bind(TorchTrainer.Options.class)
                .allReduces(reference.bind(Architecture.class).parameters());

        assertEquals(4 * 1_810_182, buckets.stream().mapToLong(AllReduce::bytes).sum());
        assertTrue(buckets.size() >= 3, buckets.toString());
    }

    @Test
    void tinyIsNotForTheClosedDivision() {
        assertTrue(workload.spec(workload.settings("tiny")).unclosed().stream()
                .anyMatch(reason -> reason.startsWith("hidden_channels=")));
    }
}
