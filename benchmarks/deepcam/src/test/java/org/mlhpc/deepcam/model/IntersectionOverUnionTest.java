package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class IntersectionOverUnionTest {
    @Test
    void aClassThatIsAbsentFromBothCountsOne() {
        // Only background, all of it found.
        assertEquals(1, IntersectionOverUnion.mean(new long[] {9, 0, 0, 0, 0, 0, 0, 0, 0}));
        // A river that nobody labelled: background 8 of 9, no cyclone, river 0 of 1.
        assertEquals((8.0 / 9 + 1 + 0) / 3, IntersectionOverUnion.mean(new long[] {8, 0, 1, 0, 0, 0, 0, 0, 0}), 1e-15);
    }

    @Test
    void hitsAreDividedByTheUnion() {
        long[] pixels = {10, 1, 2, 3, 4, 0, 0, 0, 5};

        assertEquals((10.0 / 16 + 4.0 / 8 + 5.0 / 7) / 3, IntersectionOverUnion.mean(pixels), 1e-15);
    }

    /** Two samples of two pixels: the first right, the second with a cyclone for background. */
    @Test
    void samplesAreAveragedOneByOne() {
        try (var scope = new PointerScope()) {
            Tensor scores = torch.zeros(2, 3, 1, 2);
            // [sample][class][pixel]
            for (int index : new int[] {0, 1, 6, 9}) {
                scores.data_ptr_float().put(index, 1);
            }
            Tensor labels = torch.zeros(2, 1, 2).to(ScalarType.Long);

            assertEquals(1 + (0.5 + 0 + 1) / 3, IntersectionOverUnion.sum(scores, labels), 1e-12);
        }
    }
}
