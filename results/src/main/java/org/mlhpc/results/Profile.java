package org.mlhpc.results;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.predict.Layout;

/**
 * Where the time of a profiled run went and what was done in it; docs/metrics.md derives each number. Times are those of
 * rank 0, whose steps last as long as everybody's, since each ends in an all-reduce. What was not measured is absent.
 *
 * @param steps training steps timed: all but the first of each epoch
 * @param meanStepSeconds what the phases per step add up to
 * @param stepSeconds of the same steps
 * @param samplesPerStep global batch size
 * @param precision of convolutions and matrix products; empty if the workload does not tell
 * @param storageLimit bytes per second that the loaders of a node together could read at most; empty without limit
 * @param layers operators in forward order; empty if the workload does not account for them
 * @param counted what counters said from before the first epoch until after the last
 * @param countingShare time spent counting, part of that interval
 */
public record Profile(
        long steps,
        double meanStepSeconds,
        Spread stepSeconds,
        long samplesPerStep,
        int ranks,
        int threadsPerRank,
        String precision,
        Optional<Double> storageLimit,
        List<Phase> phases,
        List<Layer> layers,
        List<Counted> counted,
        Optional<Double> countingShare) {
    /** A phase of each training step. */
    public static final String STEP = "step";

    /** A phase of the run as a whole. */
    public static final String RUN = "run";

    /** Share of a run's time from which on its counters may have changed what they measure. */
    private static final double MOST_COUNTING = 0.01;

    public Profile {
        phases = List.copyOf(phases);
        layers = List.copyOf(layers);
        counted = List.copyOf(counted);
    }

    /**
     * Time, FLOP and bytes of one phase.
     *
     * @param per {@link #STEP}: all numbers are means over the timed steps; {@link #RUN}: totals
     * @param spread of {@code seconds} over the steps; empty for totals
     * @param flop over all ranks, as executed; empty if not accounted for
     * @param bytes over all ranks, by channel: memory from shapes, storage as length of the files read or written, network
     *     as payload handed to the communicator
     */
    public record Phase(
            String name,
            String per,
            double seconds,
            Optional<Spread> spread,
            Optional<Double> flop,
            Map<Channel, Double> bytes) {
        public Phase {
            var copy = new EnumMap<Channel, Double>(Channel.class);
            copy.putAll(bytes);
            bytes = Collections.unmodifiableMap(copy);
        }
    }

    /**
     * One operator for the batch of one rank.
     *
     * @param output shape of the output, samples first; empty for a scalar
     * @param forward FLOP and bytes of main memory from shapes, with time of separate steps after the run
     */
    public record Layer(String name, List<Long> output, Pass forward, Pass backward) {}

    /**
     * One direction of an operator.
     *
     * @param flop as executed; 0 where there is no convolution or matrix product
     * @param memoryBytes compulsory traffic: every input read once, every output written once
     * @param seconds empty if not measured
     */
    public record Pass(double flop, double memoryBytes, Optional<Spread> seconds) {
        /** At the median time; empty if it was not measured or nothing was computed. */
        public Optional<Double> flopPerSecond() {
            return flop == 0 ? Optional.empty() : seconds.map(spread -> flop / spread.median());
        }

        /** At the median time; empty if it was not measured. */
        public Optional<Double> bytesPerSecond() {
            return seconds.map(spread -> memoryBytes / spread.median());
        }
    }

    /**
     * What a counter said.
     *
     * @param scope what it covers: process, node or device; those of a process are of all ranks together, the others of the
     *     node of rank 0
     * @param unit bytes, FLOP or J
     */
    public record Counted(String source, String quantity, String scope, double amount, String unit) {}

    /** How its ranks lay on {@code nodes}; the fullest node counts where they were not spread evenly. */
    public Layout layout(int nodes) {
        return new Layout(nodes, (ranks + nodes - 1) / nodes, threadsPerRank);
    }

    /** FLOP of a step over all ranks, as far as they are accounted for. */
    public double stepFlop() {
        return stepPhases().mapToDouble(phase -> phase.flop().orElse(0.0)).sum();
    }

    /** Bytes of a step over all ranks that pass {@code channel}; 0 if none were measured. */
    public double stepBytes(Channel channel) {
        return stepPhases()
                .mapToDouble(phase -> phase.bytes().getOrDefault(channel, 0.0))
                .sum();
    }

    private Stream<Phase> stepPhases() {
        return phases.stream().filter(phase -> phase.per().equals(STEP));
    }

    /** What is wrong with the counters of this run, if reading them took long enough to change its times. */
    public Optional<String> countingWarning() {
        return countingShare
                .filter(share -> share > MOST_COUNTING)
                .map(share -> String.format(
                        Locale.ROOT,
                        "counting took %.1f %% of the time that they counted, more than %.0f %%: longer runs"
                                + " are disturbed less",
                        100 * share,
                        100 * MOST_COUNTING));
    }

    /** The phase of this name. */
    public Optional<Phase> phase(String name) {
        return phases.stream().filter(phase -> phase.name().equals(name)).findFirst();
    }
}
