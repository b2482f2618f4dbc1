package org.mlhpc.roofline.predict;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.RooflineFit;

/**
 * A fit and what it was made from: the content of a fit file, and all that predictions start from.
 *
 * @param format version of the file, {@link #FORMAT}
 * @param settings of the largest run
 * @param precision of the runs
 * @param machine that the runs were made on
 * @param heldOut step times by fits that did not see them
 * @param evaluationFactor time of evaluation by what the fit says of its forward passes, median of the runs; empty if no run
 *     evaluated
 * @param loader what loading needs; empty if no run tells
 * @param converged runs that reached the target; empty if none did
 */
public record FittedRuns(
        int format,
        String workload,
        String configuration,
        Map<String, String> settings,
        String precision,
        DataSet data,
        MeasuredMachine machine,
        RooflineFit fit,
        List<RooflineFit.Residual> heldOut,
        Range range,
        Optional<Double> evaluationFactor,
        Optional<Loader> loader,
        List<Convergence.Point> converged) {
    /** Of files that this program writes, and the only one it reads. */
    public static final int FORMAT = 2;

    /**
     * Reading and decoding.
     *
     * @param secondsPerSample of one thread, with nothing beside it
     * @param threadsPerComputeThread loader threads of a rank by its compute threads
     */
    public record Loader(double secondsPerSample, double threadsPerComputeThread) {
        /** Of {@code samples} on a node. */
        public StepDemand.Loading loading(double samples, Layout layout) {
            long perRank = Math.max(1, Math.round(threadsPerComputeThread * layout.threadsPerRank()));
            return new StepDemand.Loading(samples * secondsPerSample, Math.toIntExact(perRank * layout.ranksPerNode()));
        }
    }

    /**
     * What the runs covered. Predictions beyond it are extrapolations.
     *
     * @param smallestThreads and largest, of all ranks of a node together
     * @param leastFlop and most, of a step on each node
     */
    public record Range(
            int smallestRanks,
            int largestRanks,
            int smallestThreads,
            int largestThreads,
            double smallestLocalBatch,
            double largestLocalBatch,
            double leastFlop,
            double mostFlop) {
        /**
         * By which factor a layout, a batch of one rank, or the work of a step lies outside; 1 inside.
         *
         * @param flop of a step on each node
         */
        public double extrapolation(Layout layout, double localBatch, double flop) {
            double factor = outside(layout.ranks(), smallestRanks, largestRanks);
            factor = Math.max(factor, outside(layout.threadsPerNode(), smallestThreads, largestThreads));
            factor = Math.max(factor, outside(localBatch, smallestLocalBatch, largestLocalBatch));
            return Math.max(factor, outside(flop, leastFlop, mostFlop));
        }

        private static double outside(double value, double smallest, double largest) {
            return Math.max(1, Math.max(value / largest, smallest / value));
        }
    }

    public FittedRuns {
        settings = Map.copyOf(settings);
        heldOut = List.copyOf(heldOut);
        converged = List.copyOf(converged);
    }

    /**
     * The same runs for another data set; loading a sample takes time by its length.
     */
    public FittedRuns with(DataSet other) {
        double longer = data.bytesPerSample() > 0 ? other.bytesPerSample() / data.bytesPerSample() : 1;
        return new FittedRuns(
                format,
                workload,
                configuration,
                settings,
                precision,
                other,
                machine,
                fit,
                heldOut,
                range,
                evaluationFactor,
                loader.map(known -> new Loader(known.secondsPerSample() * longer, known.threadsPerComputeThread())),
                converged);
    }
}
