package org.mlhpc.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlowNodesTest {
    /** Ranks with these times, so many to a node. */
    private static SlowNodes of(int perNode, double... seconds) {
        var ranks = new ArrayList<RunRecord.Rank>();
        for (int rank = 0; rank < seconds.length; rank++) {
            Optional<Double> own = Optional.of(seconds[rank]).filter(Double::isFinite);
            ranks.add(new RunRecord.Rank(rank, "n" + (rank / perNode + 1), 0, 0, 0, own));
        }
        return new SlowNodes(ranks);
    }

    private static List<String> nodes(SlowNodes slow) {
        return slow.nodes().stream()
                .map(node -> node.node() + ":" + RankList.of(node.ranks()))
                .toList();
    }

    @Test
    void aTenthMoreIsNotSlowAndMoreIs() {
        assertEquals(List.of(), nodes(of(1, 1, 1, 1.1)));
        assertEquals(List.of("n3:2"), nodes(of(1, 1, 1, 1.11)));
        assertEquals(1.11, of(1, 1, 1, 1.11).nodes().get(0).timesMedian());
    }

    @Test
    void ofTwoNodesTheSlowOneIsFound() {
        assertEquals(List.of("n2:1"), nodes(of(1, 1, 1.5)));
        SlowNodes slow = of(2, 1.01, 1, 1.5, 1.52);
        assertEquals(List.of("n2:2, 3"), nodes(slow));
        assertEquals("to go without: --exclude=n2", slow.lines(true).get(1));
        assertEquals(1, slow.lines(false).size());
    }

    @Test
    void aSlowRankOnANodeThatIsNotIsNamedAlone() {
        SlowNodes slow = of(4, 1, 1.01, 0.99, 1, 1.02, 1.6, 1, 1.01, 1, 1, 1.01, 0.98);
        assertEquals(List.of("n2:5"), nodes(slow));
        assertEquals(
                "slow: rank 5 on n2, 1.60 times the median time of a step without waiting for others",
                slow.lines(true).get(0));
    }

    /** Ranks differ by a third everywhere, nodes do not; the median absolute deviation of ranks is 0.17. */
    @Test
    void whereRanksDifferAnywayANodeIsHeldAgainstNodes() {
        SlowNodes slow = of(3, 0.83, 1, 1.17, 0.84, 1.01, 1.18, 0.82, 1, 1.16, 1.05, 1.22, 1.39);
        assertEquals(List.of("n4:9-11"), nodes(slow));
        assertEquals(1.22 / 1.005, slow.nodes().get(0).timesMedian());
    }

    /** Deviations from the median of 1.0 are 0, 0.1, 0.1, 0.1 and the last: 3.5 / 0.6745 of their median is 0.519. */
    @Test
    void outliersAreHeldAgainstWhatTheOthersDiffer() {
        assertEquals(List.of(), nodes(of(1, 0.9, 1, 1.1, 0.9, 1.51)));
        assertEquals(List.of("n5:4"), nodes(of(1, 0.9, 1, 1.1, 0.9, 1.53)));
    }

    /** Deviations from the median of 1.0 are 0.1 four times: the lower half alone would know nothing of two of them. */
    @Test
    void ofAnEvenNumberBothValuesInTheMiddleCount() {
        assertEquals(List.of(), nodes(of(1, 0.9, 0.9, 1.1, 1.1)));
        assertEquals(List.of(), nodes(of(1, 1, 1, 1.2, 1.2)));
    }

    @Test
    void whoMadeNoStepIsNotJudgedAndTheOnlyNodeIsNotExcluded() {
        assertEquals(List.of(), nodes(of(1)));
        assertEquals(List.of(), nodes(of(1, Double.NaN, 1, Double.NaN)));
        SlowNodes alone = of(3, 1, 1, 2);
        assertEquals(List.of("n1:2"), nodes(alone));
        assertEquals(1, alone.lines(true).size());
        assertEquals(List.of(), of(1, 1, 1).lines(true));
    }

    @Test
    void ranksInARowAreARange() {
        assertEquals("0, 1, 3", RankList.of(List.of(0, 1, 3)));
        assertEquals("rank 5", RankList.named(List.of(5)));
        assertEquals("ranks 0-2, 4, 6-9", RankList.named(List.of(0, 1, 2, 4, 6, 7, 8, 9)));
    }
}
