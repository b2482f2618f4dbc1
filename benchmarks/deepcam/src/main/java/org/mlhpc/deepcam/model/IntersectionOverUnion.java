package org.mlhpc.deepcam.model;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The published metric: for each sample the mean over classes of true positives by true positives, false positives and false
 * negatives; a class that neither prediction nor label has counts 1.
 */
final class IntersectionOverUnion {
    private static final int CLASSES = Architecture.CLASSES;
    private static final int PAIRS = CLASSES * CLASSES;

    private IntersectionOverUnion() {}

    /**
     * Sum over samples; the prediction is the class with the highest score.
     *
     * @param scores [samples, 3, height, width]
     * @param labels int64 [samples, height, width]
     */
    static double sum(Tensor scores, Tensor labels) {
        Tensor predictions = torch.argmax(scores, new LongOptional(1), false);
        // One number for each pair of label and prediction.
        Tensor pairs = labels.mul(new Scalar(CLASSES)).add(predictions);
        double sum = 0;
        for (long sample = 0; sample < scores.size(0); sample++) {
            Tensor counts = torch.bincount(pairs.narrow(0, sample, 1).reshape(-1), new TensorOptional(), PAIRS);
            long[] pixels = new long[PAIRS];
            new LongPointer(counts.data_ptr_long()).get(pixels);
            sum += mean(pixels);
        }
        return sum;
    }

    /** @param pixels by label and prediction, row by row */
    static double mean(long[] pixels) {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            long hit = pixels[c * CLASSES + c];
            long union = -hit;
            for (int other = 0; other < CLASSES; other++) {
                union += pixels[c * CLASSES + other] + pixels[other * CLASSES + c];
            }
            sum += union == 0 ? 1 : (double) hit / union;
        }
        return sum / CLASSES;
    }
}
