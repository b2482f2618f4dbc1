package org.mlhpc.results;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Work;

/**
 * Everything one run says about itself: the content of {@code run.json}. Seconds are wall-clock seconds of rank 0 unless
 * a name says otherwise; docs/metrics.md derives each number.
 *
 * @param index number of the run within its campaign, as in {@code result_<index>.txt}
 * @param division {@code closed} or {@code open}
 * @param status {@code success} if the target was reached, else {@code aborted}
 * @param settings resolved settings by key
 * @param settingsHash SHA-256 of the resolved settings, hexadecimal
 * @param phases seconds by phase, in order of the run; they add up to {@code wallSeconds}
 * @param runSeconds from {@code run_start} to {@code run_stop} by the log: the (unverified) score
 * @param wallSeconds from the start of this process to the writing of this record, earlier parts of a resumed run added
 * @param interruptions when the run did not go on, in order
 * @param work FLOP of training and bytes by channel, summed over ranks; an unmeasured channel is absent
 * @param profile where the time of steps and operators went; empty without {@code --profile}
 * @param notes what a reader must know, such as "page cache not dropped", in the order noticed
 */
public record RunRecord(
        String workload,
        String configuration,
        int index,
        long seed,
        String division,
        String status,
        Instant started,
        Suite suite,
        Map<String, String> settings,
        String settingsHash,
        Goal target,
        Model model,
        Machine machine,
        Map<String, Double> phases,
        double runSeconds,
        double wallSeconds,
        Optional<Staging> staging,
        List<Epoch> epochs,
        List<Interruption> interruptions,
        List<Rank> ranks,
        Work work,
        Optional<Profile> profile,
        List<String> notes) {
    /** The note of a run whose data were generated. */
    public static final String SYNTHETIC = "trained on synthetic data";

    /** The program that ran. */
    public record Suite(String version, String gitRevision, List<String> command) {}

    /**
     * The target.
     *
     * @param atMost whether lower is better
     */
    public record Goal(String metric, boolean atMost, double threshold) {}

    /** The trained model. */
    public record Model(long parameters, double trainFlopPerSample) {}

    /**
     * Where it ran; empty text means "could not be found out".
     *
     * @param coresPerNode cores this job may use on a node
     */
    public record Machine(
            String host,
            int nodes,
            int ranks,
            int threadsPerRank,
            String cpu,
            int coresPerNode,
            long memoryBytesPerNode,
            String accelerator,
            int acceleratorsPerNode,
            String operatingSystem,
            String jdk,
            String mpi,
            String engine,
            String allocator) {}

    /**
     * How the data came to where the run read them.
     *
     * @param reason why this strategy
     * @param directory as rank 0 sees it
     * @param sharedBytes bytes read from the source by all ranks; 0 if used in place
     * @param peerBytes bytes that came from other nodes
     * @param keptBytes bytes that were at the destinations from an earlier staging
     * @param deviceBytes those of {@code sharedBytes} that devices delivered rather than the page cache; empty if the
     *     kernel does not tell
     * @param predictedSeconds what the plan said; empty if nothing was measured beforehand
     * @param slowestFile the file that took longest; empty if none was moved
     */
    public record Staging(
            String strategy,
            String reason,
            String source,
            String directory,
            long sharedBytes,
            long peerBytes,
            long keptBytes,
            Optional<Double> deviceBytes,
            double seconds,
            Optional<Double> predictedSeconds,
            String slowestFile,
            double slowestFileSeconds,
            List<StagingRank> ranks) {

        /** Bytes that were moved, from wherever. */
        public long movedBytes() {
            return sharedBytes + peerBytes;
        }
    }

    /**
     * What one rank moved while staging.
     *
     * @param bytes from source and other nodes
     */
    public record StagingRank(int rank, int node, long bytes, double seconds) {}

    /**
     * One epoch.
     *
     * @param number from 1
     * @param trainSamples over all ranks
     * @param trainSeconds first batch asked for until last update done, without evaluation and checkpoint
     * @param stallSeconds part of {@code trainSeconds} spent waiting for data, slowest rank
     * @param trainLoss mean of the batch losses over steps and ranks
     * @param quality the target metric after this epoch
     * @param input how the training data came; empty if the loader does not count
     */
    public record Epoch(
            int number,
            double learningRate,
            long trainSamples,
            double trainSeconds,
            double stallSeconds,
            double evalSeconds,
            double checkpointSeconds,
            double trainLoss,
            double quality,
            Optional<Input> input) {

        /** Training samples per second over all ranks, without evaluation and checkpoint. */
        public double samplesPerSecond() {
            return trainSamples / trainSeconds;
        }
    }

    /**
     * A time in which the run did not go on.
     *
     * @param epoch in which its last state was saved, from 1
     * @param step after which that was; empty: at the end of the epoch
     * @param saved when the state was saved; what was trained after that was lost
     * @param resumed when training went on, with everything staged and set up again
     * @param seconds from saved to resumed, which the score includes
     */
    public record Interruption(int epoch, Optional<Long> step, Instant saved, Instant resumed, double seconds) {}

    /**
     * How the training data of an epoch came.
     *
     * @param bytes bytes of the samples' files, all ranks
     * @param deviceBytes bytes that devices delivered meanwhile, all ranks; the others came from the page cache. Empty if
     *     the kernel does not tell, as for network file systems
     * @param longestStallSeconds longest wait of a rank in one step
     * @param neededThreads decoding threads per rank that could keep up with training; of the rank that needs most
     * @param threads decoding threads per rank
     */
    public record Input(
            long bytes, Optional<Double> deviceBytes, double longestStallSeconds, double neededThreads, int threads) {

        /**
         * Of an epoch in two parts, of which this is the later one.
         *
         * @param earlierShare share of the earlier one in the time that training takes without waiting for data
         */
        public Input after(Optional<Input> earlier, double earlierShare) {
            return earlier.map(first -> new Input(
                            first.bytes + bytes,
                            first.deviceBytes.flatMap(before -> deviceBytes.map(now -> before + now)),
                            Math.max(first.longestStallSeconds, longestStallSeconds),
                            earlierShare * first.neededThreads + (1 - earlierShare) * neededThreads,
                            threads))
                    .orElse(this);
        }
    }

    /**
     * What one rank says of itself.
     *
     * @param node its name; empty if not known
     * @param stallSeconds data stall
     * @param allReduceSeconds waiting in the gradient all-reduce
     * @param ownStepSeconds median over the last steps of this process, of what the rank did on its own: loading, forward, backward
     *     and optimizer, without waiting for others; empty if it made too few
     */
    public record Rank(
            int rank,
            String node,
            double stallSeconds,
            double allReduceSeconds,
            double storageBytes,
            Optional<Double> ownStepSeconds) {}
}
