package org.mlhpc.results;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Nodes whose ranks need longer than most for their own part of a training step, by docs/metrics.md, "Slow nodes": by more than
 * a tenth, and by more than what the others differ anyway. A rank that is slow on a node that is not is named with its node.
 */
public final class SlowNodes {
    private static final double SHARE = 0.1;
    /** Modified z-score from which a value counts as an outlier, and its factor: Iglewicz and Hoaglin (1993). */
    private static final double OUTLIER = 3.5;

    private static final double SCORE_PER_DEVIATION = 0.6745;

    /** Below, one of two values in the middle may be the slow one. */
    private static final int FEW = 4;

    private final List<SlowNode> nodes = new ArrayList<>();
    private final int nodesInAll;

    /**
     * One of them.
     *
     * @param ranks the slow ones
     * @param timesMedian their time by the median
     */
    public record SlowNode(String node, List<Integer> ranks, double timesMedian) {
        public SlowNode {
            ranks = List.copyOf(ranks);
        }

        private String line() {
            return String.format(
                    Locale.ROOT,
                    "slow: %s on %s, %.2f times the median time of a step without waiting for others",
                    RankList.named(ranks),
                    node,
                    timesMedian);
        }
    }

    /** Of ranks in their order. */
    public SlowNodes(List<RunRecord.Rank> ranks) {
        var byNode = new TreeMap<String, List<RunRecord.Rank>>();
        ranks.stream().filter(rank -> rank.ownStepSeconds().isPresent()).forEach(rank -> byNode.computeIfAbsent(
                        rank.node(), node -> new ArrayList<>())
                .add(rank));
        nodesInAll = byNode.size();
        if (nodesInAll == 0) {
            return;
        }
        var ofRanks =
                Typical.of(byNode.values().stream().flatMap(Collection::stream).toList(), SlowNodes::seconds);
        var ofNodes = Typical.of(byNode.values(), SlowNodes::median);
        byNode.forEach((node, own) -> slow(node, own, ofNodes, ofRanks).ifPresent(nodes::add));
    }

    private static Optional<SlowNode> slow(String node, List<RunRecord.Rank> own, Typical ofNodes, Typical ofRanks) {
        boolean whole = ofNodes.isExceededBy(median(own));
        List<RunRecord.Rank> slow = whole
                ? own
                : own.stream()
                        .filter(rank -> ofRanks.isExceededBy(seconds(rank)))
                        .toList();
        double median = whole ? ofNodes.median() : ofRanks.median();
        return slow.isEmpty()
                ? Optional.empty()
                : Optional.of(new SlowNode(
                        node, slow.stream().map(RunRecord.Rank::rank).toList(), median(slow) / median));
    }

    private static double seconds(RunRecord.Rank rank) {
        return rank.ownStepSeconds().orElse(Double.NaN);
    }

    private static double median(List<RunRecord.Rank> ranks) {
        return Typical.of(ranks, SlowNodes::seconds).median();
    }

    /** The slow nodes, by name. */
    public List<SlowNode> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * What to tell somebody.
     *
     * @param slurm whether to tell how to go without them, too
     */
    public List<String> lines(boolean slurm) {
        var lines = new ArrayList<String>();
        nodes.forEach(node -> lines.add(node.line()));
        exclusion().filter(option -> slurm).ifPresent(option -> lines.add("to go without: " + option));
        return lines;
    }

    /** The option of Slurm's commands that leaves them out; empty if there are none, or no others. */
    private Optional<String> exclusion() {
        return nodes.isEmpty() || nodesInAll < 2
                ? Optional.empty()
                : Optional.of("--exclude="
                        + String.join(",", nodes.stream().map(SlowNode::node).toList()));
    }

    /**
     * Where most values lie. Of fewer than four the lower one of two in the middle is the median: of two nodes, the slow one must not
     * take part in what it is held against.
     */
    private record Typical(double median, double deviation) {
        static <T> Typical of(Collection<T> things, ToDoubleFunction<T> value) {
            double[] values = things.stream().mapToDouble(value).sorted().toArray();
            double median = middle(values);
            double[] deviations = things.stream()
                    .mapToDouble(thing -> Math.abs(value.applyAsDouble(thing) - median))
                    .sorted()
                    .toArray();
            return new Typical(median, middle(deviations));
        }

        private static double middle(double... sorted) {
            double lower = sorted[(sorted.length - 1) / 2];
            return sorted.length < FEW ? lower : (lower + sorted[sorted.length / 2]) / 2;
        }

        boolean isExceededBy(double value) {
            double most = Math.max(SHARE * median, OUTLIER / SCORE_PER_DEVIATION * deviation);
            return value > median + most;
        }
    }
}
