package org.mlhpc.roofline.fit;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.fitting.leastsquares.MultivariateJacobianFunction;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.util.Pair;
import org.mlhpc.roofline.Resource;

/** Logarithms of the step times of a model at given observations, and their derivatives. */
final class LogTimes implements MultivariateJacobianFunction {
    private final ParameterSpace space;
    private final double[][] ideal;
    /** Seconds of what has no efficiency, by observation. */
    private final double[] known;

    LogTimes(ParameterSpace space, List<Observation> observations) {
        this.space = space;
        this.ideal = observations.stream()
                .map(observation -> space.resources().stream()
                        .mapToDouble(resource -> observation.ideal().getOrDefault(resource, 0.0))
                        .toArray())
                .toArray(double[][]::new);
        this.known = observations.stream()
                .mapToDouble(observation -> observation.ideal().getOrDefault(Resource.LOADER, 0.0))
                .toArray();
    }

    @Override
    public Pair<RealVector, RealMatrix> value(RealVector point) {
        double[] free = point.toArray();
        double[] values = space.bounded(free);
        double[] slopes = space.slopes(free);
        double[] times = new double[ideal.length];
        double[][] jacobian = new double[ideal.length][];
        for (int row = 0; row < ideal.length; row++) {
            jacobian[row] = new double[values.length];
            times[row] = logTime(row, values, jacobian[row]);
            for (int column = 0; column < values.length; column++) {
                jacobian[row][column] *= slopes[column];
            }
        }
        return new Pair<>(new ArrayRealVector(times, false), new Array2DRowRealMatrix(jacobian, false));
    }

    /** Derivatives of logarithms of times with respect to the values between their bounds. */
    double[][] sensitivities(double[] values) {
        double[][] rows = new double[ideal.length][values.length];
        for (int row = 0; row < ideal.length; row++) {
            logTime(row, values, rows[row]);
        }
        return rows;
    }

    /** With x = ideal / efficiency, S = (sum x^p)^(1/p) and t = overhead + S. */
    private double logTime(int row, double[] values, double[] derivatives) {
        int resources = space.resources().size();
        double overhead = values[resources];
        double serial = values[resources + 1];
        double[] alone = alone(row, values);
        double largest = Arrays.stream(alone).max().orElse(0);
        double sum = 0;
        double weighted = 0;
        double[] powers = new double[alone.length];
        for (int i = 0; i < alone.length; i++) {
            double logarithm = Math.log(alone[i] / largest);
            powers[i] = alone[i] == 0 ? 0 : Math.exp(logarithm / serial);
            sum += powers[i];
            weighted += alone[i] == 0 ? 0 : powers[i] * logarithm;
        }
        double combined = largest * Math.pow(sum, serial);
        double time = overhead + combined;
        for (int i = 0; i < resources; i++) {
            derivatives[i] = -combined / time * powers[i] / sum;
        }
        derivatives[resources] = 1 / time;
        derivatives[resources + 1] = combined / time * (Math.log(sum) - weighted / (serial * sum));
        return Math.log(time);
    }

    /** Seconds of each resource of the space by itself, and of the loader. */
    private double[] alone(int row, double[] values) {
        double[] alone = Arrays.copyOf(ideal[row], ideal[row].length + 1);
        for (int i = 0; i < ideal[row].length; i++) {
            alone[i] /= Math.exp(values[i]);
        }
        alone[ideal[row].length] = known[row];
        return alone;
    }
}
