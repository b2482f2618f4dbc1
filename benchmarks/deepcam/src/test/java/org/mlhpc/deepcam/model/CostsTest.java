package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.OperatorWork.Pass;
import org.mlhpc.deepcam.data.Images;
import org.mlhpc.torch.OperatorProbe;
import org.mlhpc.torch.Precision;
import org.mlhpc.torch.TorchTrainer;

class CostsTest {
    private static final Architecture SMALL = new Architecture(32, 48, 16, 1);

    private static List<OperatorWork> work(Precision precision) {
        return Costs.step(SMALL, new TorchTrainer.Options(precision, 25), new Costs.Step(2, 1, 1), Pass.NONE)
                .operators();
    }

    private static Images batch() {
        torch.manual_seed(3);
        return new Images(torch.rand(2, 16, 32, 48), torch.zeros(2, 32, 48).to(ScalarType.Long), 2);
    }

    /** What is accounted for is what runs, in name, order, shape and, in mixed precision, type. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void theOperatorsAreThoseThatTheNetworkRuns(Precision precision) {
        var names = new ArrayList<String>();
        var shapes = new ArrayList<List<Long>>();
        var full = new ArrayList<String>();
        OperatorProbe probe = (name, output, last) -> {
            names.add(name);
            shapes.add(Arrays.stream(output.shape()).boxed().toList());
            if (output.scalar_type().intern() != ScalarType.BFloat16) {
                full.add(name);
            }
        };
        try (var scope = new PointerScope();
                var net = new DeepCamNet(SMALL, new LocalCommunicator(), ScalarType.Float, 1)) {
            torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
            torch.set_autocast_enabled(DeviceType.CPU, precision == Precision.BF16);
            Tensor loss = net.loss(batch(), probe);
            assertTrue(Double.isFinite(loss.item_double()));
        } finally {
            torch.clear_cache();
            torch.set_autocast_enabled(DeviceType.CPU, false);
        }
        assertEquals(work(precision).stream().map(OperatorWork::name).toList(), names);
        assertEquals(work(precision).stream().map(OperatorWork::output).toList(), shapes);
        assertEquals(precision == Precision.BF16 ? List.of("loss") : names, full);
        assertEquals(names.size(), names.stream().distinct().count(), "names are unique");
    }

    /** By hand: 16 channels of 32 x 48 in, 2 channels of 16 x 24 out, kernel 3, two samples; its input needs no gradient. */
    @Test
    void bytesOfTheFirstConvolutionAreInputWeightsAndOutputOnce() {
        OperatorWork first = work(Precision.FP32).get(0);
        double input = 4.0 * 2 * 16 * 32 * 48;
        double output = 4.0 * 2 * 2 * 16 * 24;
        double weights = 4.0 * 9 * 16 * 2;

        assertEquals(input + weights, first.forward().bytesRead());
        assertEquals(output, first.forward().bytesWritten());
        assertEquals(input + output, first.backward().bytesRead());
        assertEquals(weights, first.backward().bytesWritten());
        assertEquals(first.forward().flop(), first.skippedFlop());
    }

    /** Normalisation reads its input and writes as much; backward reads gradient and input again. */
    @Test
    void bytesOfNormalisationFollowFromItsShape() {
        OperatorWork norm = work(Precision.FP32).get(1);
        double bytes = 4.0 * 2 * 2 * 16 * 24;

        assertEquals("xception_features.bn1.bn", norm.name());
        assertEquals(bytes, norm.forward().bytesRead());
        assertEquals(bytes, norm.forward().bytesWritten());
        assertEquals(2 * bytes, norm.backward().bytesRead());
        assertEquals(bytes, norm.backward().bytesWritten());
        assertEquals(bytes / 2, work(Precision.BF16).get(1).forward().bytesRead());
    }
}
