package org.mlhpc.cosmoflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.OperatorTime;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.cosmoflow.CosmoFlowNet.Regularisation;
import org.mlhpc.cosmoflow.data.Volumes;
import org.mlhpc.torch.OperatorProbe;

class NetWorkTest {
    private static final CosmoFlow WORKLOAD = new CosmoFlow();

    private static StepWork work(Settings settings, int ranks) {
        return WORKLOAD.stepWork(settings, ranks).orElseThrow();
    }

    /** 206.6 G and 192.1 G per sample are the layer counts of the suite's facts, with and without the skipped gradient. */
    @Test
    void flopOfTheReferenceAreThoseOfTheLayerCount() {
        Settings reference = WORKLOAD.settings("reference");
        StepWork step = work(reference, 4);
        WorkloadSpec spec = WORKLOAD.spec(reference);

        assertEquals(16, step.samples());
        assertEquals(spec.trainFlopPerSample(), step.trainFlop() / step.samples(), 0);
        assertEquals(206.6e9, step.trainFlop() / step.samples(), 0.05e9);
        double executed = step.forward().flop() + step.backward().flop();
        assertEquals(192.1e9, executed / step.samples(), 0.05e9);
    }

    /** Counted by hand for one sample of 8 cells a side, 2 filters, kernel 3. */
    @Test
    void bytesOfTheFirstConvolutionAreInputWeightsAndOutputOnce() {
        Settings settings = WORKLOAD.settings("tiny")
                .with(Map.of("sample_size", "8", "conv_layers", "1", "conv_filters", "2", "global_batch_size", "1"));
        OperatorWork convolution = work(settings, 1).operators().get(0);
        double input = 4 * 512 * 4;
        double output = 2 * 512 * 4;
        double weights = (27 * 4 * 2 + 2) * 4;

        assertEquals(input + weights, convolution.forward().bytesRead());
        assertEquals(output, convolution.forward().bytesWritten());
        assertEquals(input + output, convolution.backward().bytesRead());
        assertEquals(weights, convolution.backward().bytesWritten());
        assertEquals(List.of(1L, 2L, 8L, 8L, 8L), convolution.output());

        OperatorWork mixed =
                work(settings.with("precision", "bf16"), 1).operators().get(0);
        assertEquals(input + input / 2 + weights + weights / 2, mixed.forward().bytesRead());
        assertEquals(output / 2 + input / 2 + weights / 2, mixed.forward().bytesWritten());
    }

    /** Gradients are averaged in the all-reduces that are accounted for, in their order. */
    @ParameterizedTest
    @ValueSource(strings = {"8", "0.05", "0.0001"})
    void theAllReducesAreThoseOfTheTrainer(String megabytes) {
        Settings settings = small("fp32").with("bucket_mb", megabytes);
        var reduced = new ArrayList<Long>();
        try (var scope = new PointerScope();
                Trainer<Volumes> trainer =
                        WORKLOAD.newTrainer(new RunContext(pair(reduced), settings, 1, PhaseClock.none(), 1))) {
            trainer.startEpoch(1);
            trainer.step(batch());
        }
        assertEquals(
                work(settings, 1).allReduces(),
                reduced.stream().map(AllReduce::ofAll).toList());
        assertEquals(
                4 * WORKLOAD.spec(settings).parameters(),
                reduced.stream().mapToLong(Long::longValue).sum());
        assertTrue(megabytes.equals("8") == (reduced.size() == 1), reduced::toString);
    }

    /** A communicator of two ranks whose other rank has nothing to add. */
    private static Communicator pair(List<Long> reduced) {
        var alone = new LocalCommunicator();
        return (Communicator) Proxy.newProxyInstance(
                NetWorkTest.class.getClassLoader(), new Class<?>[] {Communicator.class}, (self, method, arguments) -> {
                    if (method.getName().equals("size")) {
                        return 2;
                    }
                    if (method.getName().equals("startSum")) {
                        reduced.add((long) ((FloatBuffer) arguments[0]).remaining() * Float.BYTES);
                    }
                    return method.invoke(alone, arguments);
                });
    }

    @Test
    void samplesAreAsLongAsTheirCounts() {
        Settings settings = WORKLOAD.settings("reference");
        // 128^3 cells at four redshifts, two bytes each, and four targets.
        assertEquals(16_777_216 + 16, WORKLOAD.sampleBytes(settings).orElseThrow());
    }

    /** What is accounted for is what runs, in name and order. */
    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void theOperatorsAreThoseThatTheNetworkRuns(String precision) {
        Settings settings = small(precision);
        try (var scope = new PointerScope();
                Trainer<Volumes> trainer = WORKLOAD.newTrainer(context(settings))) {
            List<OperatorTime> times = trainer.timeOperators(batch());
            assertEquals(
                    times.stream().map(OperatorTime::name).toList(),
                    work(settings, 1).operators().stream()
                            .map(OperatorWork::name)
                            .toList());
            assertTrue(
                    times.stream().allMatch(time -> time.forwardSeconds() > 0 && time.backwardSeconds() > 0),
                    times.toString());
        }
    }

    @Test
    void outputsHaveTheShapesAndInMixedPrecisionTheTypesOfTheAccount() {
        var shapes = new ArrayList<List<Long>>();
        var types = new ArrayList<ScalarType>();
        OperatorProbe probe = (name, output, last) -> {
            shapes.add(Arrays.stream(output.shape()).boxed().toList());
            types.add(output.scalar_type().intern());
        };
        Settings settings = small("bf16");
        try (var scope = new PointerScope();
                var net = new CosmoFlowNet(
                        settings.bind(Architecture.class), settings.bind(Regularisation.class), ScalarType.Float, 1)) {
            torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
            torch.set_autocast_enabled(DeviceType.CPU, true);
            net.loss(batch(), probe);
        } finally {
            torch.clear_cache();
            torch.set_autocast_enabled(DeviceType.CPU, false);
        }

        assertEquals(
                work(settings, 1).operators().stream().map(OperatorWork::output).toList(), shapes);
        // Pooling is in fp32, and so is the activation after it: three convolutions, then the dense layers and the
        // loss.
        var full = ScalarType.Float;
        var half = ScalarType.BFloat16;
        assertEquals(
                List.of(half, full, full, half, full, full, half, full, full, half, half, half, half, half, full),
                types);
    }

    @Test
    void timingChangesNoWeights() {
        Settings settings = small("fp32");
        try (var scope = new PointerScope();
                Trainer<Volumes> timed = WORKLOAD.newTrainer(context(settings));
                Trainer<Volumes> other = WORKLOAD.newTrainer(context(settings))) {
            timed.startEpoch(1);
            timed.timeOperators(batch());
            timed.startEpoch(1);
            other.startEpoch(1);
            assertEquals(other.step(batch()), timed.step(batch()), 0);
            assertEquals(other.step(batch()), timed.step(batch()), 0);
        }
    }

    private static Settings small(String precision) {
        return WORKLOAD.settings("tiny")
                .with(Map.of(
                        "sample_size", "16",
                        "conv_layers", "3",
                        "conv_filters", "4",
                        "dropout", "0.5",
                        "global_batch_size", "2",
                        "precision", precision));
    }

    private static RunContext context(Settings settings) {
        return new RunContext(new LocalCommunicator(), settings, 1, PhaseClock.none(), 1);
    }

    private static Volumes batch() {
        torch.manual_seed(3);
        Tensor x = torch.rand(2, 4, 16, 16, 16);
        return new Volumes(x, torch.rand(2, 4), 2);
    }
}
