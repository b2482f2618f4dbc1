package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelLossTest {
    /** Frequencies of the published set, to nine decimals, to the power of -1/8. */
    @ParameterizedTest
    @CsvSource({"0, 1.00172991", "1, 2.61461114", "2, 1.71641974"})
    void rareClassesWeighMore(int label, double weight) {
        assertEquals(weight, PixelLoss.weight(label), 1e-6);
    }

    /** Two pixels by hand: scores (1, 0, 0) labelled 0 and (0, 0, 2) labelled 1. */
    @Test
    void isTheMeanOverPixelsOfWeightedCrossEntropy() {
        try (var scope = new PointerScope();
                var loss = new PixelLoss()) {
            Tensor scores = torch.zeros(1, 3, 1, 2).to(ScalarType.Double);
            scores.data_ptr_double().put(0, 1);
            scores.data_ptr_double().put(5, 2);
            Tensor labels = torch.zeros(1, 1, 2).to(ScalarType.Long);
            labels.data_ptr_long().put(1, 1);
            double first = Math.log(Math.exp(1) + 2) - 1;
            double second = Math.log(Math.exp(2) + 2);
            double expected = (PixelLoss.weight(0) * first + PixelLoss.weight(1) * second) / 2;

            assertEquals(expected, loss.of(scores, labels).item_double(), 1e-12);
        }
    }
}
