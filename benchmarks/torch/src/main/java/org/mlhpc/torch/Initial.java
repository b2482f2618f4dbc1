package org.mlhpc.torch;

import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * How the values of a tensor are drawn before training.
 *
 * @param scale limit of {@link Distribution#UNIFORM}, standard deviation of {@link Distribution#NORMAL}, or the constant
 */
public record Initial(Distribution distribution, double scale) {
    /** Uniform in [-scale, scale), normal around 0 with deviation scale, or scale everywhere. */
    public enum Distribution {
        UNIFORM,
        NORMAL,
        CONSTANT
    }

    /** Uniform in [-limit, limit). */
    public static Initial uniform(double limit) {
        return new Initial(Distribution.UNIFORM, limit);
    }

    /** Normal with mean 0 and standard deviation sqrt(2 / fan in) (He et al. 2015, equation 10). */
    public static Initial kaimingNormal(double fanIn) {
        return new Initial(Distribution.NORMAL, Math.sqrt(2 / fanIn));
    }

    /** What PyTorch gives convolutions and dense layers, weights and biases, of themselves: limit sqrt(1 / fan in). */
    public static Initial torchDefault(double fanIn) {
        return uniform(Math.sqrt(1 / fanIn));
    }

    /** The same everywhere. */
    public static Initial constant(double value) {
        return new Initial(Distribution.CONSTANT, value);
    }

    void fill(Tensor tensor, GeneratorOptional generator) {
        switch (distribution) {
            case UNIFORM -> tensor.uniform_(-scale, scale, generator);
            case NORMAL -> tensor.normal_(0, scale, generator);
            case CONSTANT -> {
                try (var value = new Scalar(scale)) {
                    tensor.fill_(value);
                }
            }
        }
    }
}
