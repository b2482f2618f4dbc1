package org.mlhpc.deepcam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.api.WorkloadSpec.Layer;

/** Expected numbers are those of the published model, counted from its layers. */
class DeepCamTest {
    private final DeepCam workload = new DeepCam();

    private WorkloadSpec reference() {
        return workload.spec(workload.settings("reference"));
    }

    @Test
    void referenceHasThePublishedParametersAndCost() {
        WorkloadSpec spec = reference();

        assertEquals(56_454_720, spec.parameters());
        assertEquals(655.3e9, spec.forwardFlopPerSample(), 0.05e9);
        assertEquals(1.966e12, spec.trainFlopPerSample(), 0.0005e12);
        assertEquals("eval_accuracy >= 0.82", spec.target().toString());
        assertEquals(List.of(), spec.unclosed());
    }

    @Test
    void referenceHasThePublishedLayers() {
        List<Layer> layers = reference().layers();
        List<Layer> norms =
                layers.stream().filter(layer -> layer.name().endsWith(".bn")).toList();
        long encoder = layers.stream()
                .filter(layer -> layer.name().startsWith("xception_features."))
                .mapToLong(Layer::parameters)
                .sum();

        assertEquals(76, norms.size());
        assertEquals(
                48_880, norms.stream().mapToLong(layer -> layer.output().get(0)).sum());
        assertEquals(
                142 + 4,
                layers.stream().filter(layer -> layer.forwardMultiplyAdds() > 0).count());
        assertEquals(37_778_400, encoder);
        assertEquals(
                156.2e9,
                layers.stream()
                        .filter(layer -> layer.name().startsWith("xception_features."))
                        .mapToDouble(Layer::forwardMultiplyAdds)
                        .sum(),
                0.05e9);
        assertEquals(List.of(3, 768, 1152), layers.get(layers.size() - 1).output());
    }

    @ParameterizedTest
    @CsvSource({
        "xception_features.block1.rep.5.pointwise, 128, 192, 288, 0.906",
        "xception_features.block20.rep.5.pointwise, 1024, 48, 72, 3.624",
        "xception_features.conv5.pointwise, 2048, 48, 72, 10.872",
        "upsample.conv1.0, 256, 192, 288, 38.7",
        "upsample.conv1.3, 256, 192, 288, 32.6",
        "upsample.deconv2.0, 256, 384, 576, 32.6",
        "bottleneck.aspp2.atrous_convolution, 256, 48, 72, 16.3"
    })
    void layersHaveThePublishedShapeAndCost(String name, int channels, int height, int width, double gigaMultiplyAdds) {
        Layer layer = reference().layers().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();

        assertEquals(List.of(channels, height, width), layer.output());
        assertEquals(gigaMultiplyAdds, layer.forwardMultiplyAdds() * 1e-9, 0.05);
    }

    @Test
    void stepWorkHasTheFlopOfTheLayers() {
        Settings settings = workload.settings("reference").with("global_batch_size", 4);
        StepWork step = workload.stepWork(settings, 2).orElseThrow();

        assertEquals(2, step.samples());
        assertEquals(reference().trainFlopPerSample(), step.trainFlop() / 2, 1);
        assertEquals(1.966e12, step.trainFlop() / 2, 0.0005e12);
        // Gradients of all parameters in fp32, in buckets; one step in four if four make an update.
        assertEquals(4.0 * 56_454_720, step.reducedBytes());
        assertTrue(step.allReduces().size() > 1);
        StepWork shared = workload.stepWork(settings.with("gradient_accumulation_frequency", 4), 2)
                .orElseThrow();
        assertEquals(56_454_720.0, shared.reducedBytes());
        assertEquals(
                step.allReduces().stream().map(AllReduce::bytes).toList(),
                shared.allReduces().stream().map(AllReduce::bytes).toList(),
                "each is as long, but there are fewer");
        assertEquals(768L * 1152 * 17 * 4, workload.sampleBytes(settings).orElseThrow());
    }

    /** 76 normalisations sum mean and mean square of their 48,880 channels in float64, and once more their gradients. */
    @Test
    void joinedNormalisationAddsItsSums() {
        Settings settings = workload.settings("reference").with("global_batch_size", 8);
        StepWork apart = workload.stepWork(settings, 8).orElseThrow();
        StepWork joined =
                workload.stepWork(settings.with("batchnorm_group_size", 4), 8).orElseThrow();

        assertEquals(48_880.0 * 2 * 8 * 2, joined.reducedBytes() - apart.reducedBytes());
        assertEquals(76, joined.allReduces().size() - apart.allReduces().size());
        assertEquals(4, joined.allReduces().get(0).ranks());
        assertEquals(2, joined.allReduces().get(0).perStep());
    }

    /** The keys of the closed rules, EXACTLY_ONE of each; samples and seed are the harness's to log. */
    @Test
    void logsTheKeysOfTheRules() {
        Set<String> common = Set.of(
                "global_batch_size",
                "batchnorm_group_size",
                "gradient_accumulation_frequency",
                "opt_name",
                "opt_lr",
                "opt_betas",
                "opt_eps",
                "opt_weight_decay",
                "scheduler_type",
                "scheduler_lr_warmup_steps",
                "scheduler_lr_warmup_factor");
        Map<String, Object> lamb = workload.loggedHyperparameters(workload.settings("reference"), 2);
        assertTrue(lamb.keySet().containsAll(common), lamb.toString());
        assertEquals(common.size() + 3 + 2, lamb.size());
        assertEquals(1.0, lamb.get("opt_max_grad_norm"));
        assertEquals(1, lamb.get("opt_bias_correction"));
        assertEquals(1, lamb.get("opt_grad_averaging"));
        assertEquals("LAMB", lamb.get("opt_name"));
        assertEquals("multistep", lamb.get("scheduler_type"));
        assertEquals(List.of(800), lamb.get("scheduler_milestones"));
        assertEquals(0.1, lamb.get("scheduler_decay_rate"));

        Map<String, Object> adam = workload.loggedHyperparameters(
                workload.settings("reference").with(Map.of("opt_name", "Adam", "scheduler_type", "cosine_annealing")),
                2);
        assertTrue(adam.keySet().containsAll(common), adam.toString());
        assertEquals(common.size() + 2, adam.size());
        assertTrue(adam.containsKey("scheduler_t_max") && adam.containsKey("scheduler_eta_min"));
        assertEquals("Adam", adam.get("opt_name"));
    }

    @Test
    void whatTheRulesFixIsNamedAsAReason() {
        List<String> reasons = workload.spec(workload.settings("tiny")).unclosed();

        assertTrue(reasons.contains("image_height=96 instead of 768"), reasons.toString());
        assertTrue(reasons.stream().anyMatch(reason -> reason.startsWith("width_divisor=")), reasons.toString());
        assertEquals(
                List.of("train_samples=100 instead of 121266"),
                workload.spec(workload.settings("reference").with("train_samples", 100))
                        .unclosed());
    }

    @Test
    void dataThatAreNotTheWholeSetAreNamedAsAReason(@TempDir Path data) throws IOException {
        Settings reference = workload.settings("reference");
        assertEquals(List.of(), workload.unclosed(reference, data), "what is missing is said when the data are opened");

        Files.createDirectories(data.resolve("train"));
        Files.createFile(data.resolve("train/data-1.h5"));
        Files.createFile(data.resolve("train/notes.txt"));

        assertEquals(
                List.of(data.resolve("train") + " holds 1 samples instead of 121266"),
                workload.unclosed(reference, data));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logging_frequency=-1",
                "image_height=100",
                "width_divisor=3",
                "middle_blocks=17",
                "opt_name=SGD",
                "opt_lr=0",
                "opt_betas=0.9",
                "scheduler_type=linear",
                "scheduler_lr_warmup_factor=0.5",
                "scheduler_t_max=0",
                "batchnorm_group_size=0",
                "gradient_accumulation_frequency=0",
                "precision=fp8",
                "target_iou=1.5",
                "max_epochs=0",
                "loader_threads=-1",
                "prefetch_batches=0",
                "train_samples=-3"
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
    void groupsThatDoNotPartTheRanksAreNamedWithTheFix() {
        Settings settings = workload.settings("tiny").with("batchnorm_group_size", 3);

        var e = assertThrows(IllegalArgumentException.class, () -> workload.loggedHyperparameters(settings, 2));

        assertTrue(e.getMessage().contains("batchnorm_group_size=3")
                && e.getMessage().contains("divisor of 2"));
    }
}
