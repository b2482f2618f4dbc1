package org.mlhpc.roofline.predict;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.CrossValidation;
import org.mlhpc.roofline.fit.RooflineFit;

/**
 * A fit and what it was made from: the content of a fit file, and all that predictions start from.
 *
 * @param format version of the file, {@link #FORMAT}
 * @param settings of the largest run
 * @param precision of the runs
 * @param machine that the runs were made on
 * @param heldOut step times by fits to all runs of other settings
 * @param heldOutLayouts step times by fits to all runs with other ranks or threads
 * @param layouts of the runs, each once
 * @param evaluationFactor time of evaluation by what the fit says of its forward passes, median of the runs; empty if no run
 *     evaluated
 * @param loader what loading needs; empty if no run tells
 * @param converged runs that reached the target of the largest run; empty if none did
 * @param convergedOtherwise why runs that reached a target are not among these, in words; empty if there are none
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
        CrossValidation heldOut,
        CrossValidation heldOutLayouts,
        List<Layout> layouts,
        Range range,
        Optional<Double> evaluationFactor,
        Optional<Loader> loader,
        List<Convergence.Point> converged,
        Optional<String> convergedOtherwise) {
    /** Of files that this program writes, and the only one it reads. */
    public static final int FORMAT = 5;

    /**
     * Reading and decoding.
     *
     * @param secondsPerSample of one thread, with nothing beside it
     * @param threadsPerComputeThread loader threads of a rank by its compute threads
     */
    public record Loader(double secondsPerSample, double threadsPerComputeThread) {
        public Loader {
            if (!(secondsPerSample > 0 && threadsPerComputeThread > 0)
                    || Double.isInfinite(secondsPerSample)
                    || Double.isInfinite(threadsPerComputeThread)) {
                throw new IllegalArgumentException("no loader: " + secondsPerSample + " s for a sample, "
                        + threadsPerComputeThread + " threads for each that computes");
            }
        }

        /** Of {@code samples} on a node. */
        public StepDemand.Loading loading(double samples, Layout layout) {
            long perRank = Math.max(1, Math.round(threadsPerComputeThread * layout.threadsPerRank()));
            // The cast takes the largest integer for more.
            return new StepDemand.Loading(samples * secondsPerSample, (int) ((double) perRank * layout.ranksPerNode()));
        }
    }

    /**
     * What the runs covered. Predictions beyond it are extrapolations.
     *
     * @param threads of all ranks of a node together
     * @param localBatch samples of a rank
     * @param flop of a step on each node
     * @param seconds ideal times of a step by resource; from 0 where some runs had no work of it
     */
    public record Range(Span nodes, Span ranks, Span threads, Span localBatch, Span flop, Map<Resource, Span> seconds) {
        public Range {
            var copy = new EnumMap<Resource, Span>(Resource.class);
            copy.putAll(seconds);
            seconds = Collections.unmodifiableMap(copy);
        }

        /**
         * By which factors a step lies outside, by what it is that does; 1 inside.
         *
         * @param flop of a step on each node
         * @param ideal its times by resource
         */
        public Map<String, Double> beyond(Layout layout, double localBatch, double flop, Map<Resource, Double> ideal) {
            var factors = new LinkedHashMap<String, Double>();
            factors.put("nodes", nodes.outside(layout.nodes()));
            factors.put("ranks", ranks.outside(layout.ranks()));
            factors.put("threads", threads.outside(layout.threadsPerNode()));
            factors.put("batch per rank", this.localBatch.outside(localBatch));
            factors.put("FLOP per node", this.flop.outside(flop));
            ideal.forEach((resource, time) -> {
                Span known = seconds.get(resource);
                if (known != null) {
                    factors.put("time of " + resource.word(), known.outside(time));
                }
            });
            return factors;
        }
    }

    public FittedRuns {
        if (fit.draws().isEmpty()) {
            throw new IllegalArgumentException("the fit has no draws, so that nothing is known of its intervals");
        }
        settings = Map.copyOf(settings);
        layouts = List.copyOf(layouts);
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
                heldOutLayouts,
                layouts,
                range,
                evaluationFactor,
                loader.map(known -> new Loader(known.secondsPerSample() * longer, known.threadsPerComputeThread())),
                converged,
                convergedOtherwise);
    }

    /** Threads for each logical processor that a node may have: one, or as many as the most crowded runs had on purpose. */
    double mostThreadsPerProcessor() {
        return Math.max(1, range.threads().most() / machine.cores());
    }

    /** Whether a run had this layout. */
    boolean ran(Layout layout) {
        return layouts.contains(layout);
    }

    /**
     * Standard deviation of logarithms of single runs of {@code layout} around a prediction: no less than that of held-out runs; of
     * a layout that no run had, no less than where other layouts alone were known either.
     */
    double scatter(Layout layout) {
        double known = Math.max(fit.scatter(), heldOut.scatter());
        return ran(layout) ? known : Math.max(known, heldOutLayouts.scatter());
    }

    /** For people: how well runs were predicted that were held out. */
    public List<String> accuracy() {
        return List.of(
                heldOut.inWords("settings", "the others", fit.confidence()),
                heldOutLayouts.inWords("layouts", "those with other ranks or threads", fit.confidence()));
    }
}
