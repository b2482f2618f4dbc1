package org.mlhpc.results.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.results.entry.SampleEntries;

class ComparisonTest {
    private static final List<Entry> PUBLISHED = PublishedResults.all();

    @Test
    void factorsMultiplyToTheRatioForAnyParts() {
        var random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            Entry a = anyParts(random);
            Entry b = anyParts(random);
            Decomposition parts = Decomposition.of(a, b).orElseThrow();
            double ratio =
                    a.measured().score().orElseThrow() / b.measured().score().orElseThrow();
            // Exact by derivation; what is left is rounding of a sum of logarithms.
            assertEquals(ratio, parts.ratio(), 1e-9 * ratio);
        }
    }

    private static Entry anyParts(Random random) {
        double staging = random.nextInt(4) == 0 ? 0 : random.nextDouble() * 10;
        double other = random.nextInt(4) == 0 ? -0.01 : random.nextDouble();
        double evaluation = random.nextInt(4) == 0 ? 0 : random.nextDouble() * 10;
        return SampleEntries.parts(
                "s", 8, staging, 1 + random.nextInt(100), 0.01 + 100 * random.nextDouble(), evaluation, other);
    }

    @Test
    void eachFactorIsAboutItsPartAlone() {
        Entry a = SampleEntries.parts("a", 8, 1, 10, 20, 5, 1);
        assertEquals(1, factor(a, SampleEntries.parts("b", 8, 1, 20, 40, 10, 1), "training per epoch"), 1e-12);
        assertTrue(factor(a, SampleEntries.parts("b", 8, 1, 20, 40, 10, 1), "epochs to converge") < 1);
        assertTrue(factor(a, SampleEntries.parts("b", 8, 1, 10, 10, 5, 1), "training per epoch") > 1);
        assertEquals(1, factor(a, SampleEntries.parts("b", 8, 1, 10, 10, 5, 1), "epochs to converge"), 1e-12);
        assertTrue(factor(a, SampleEntries.parts("b", 8, 3, 10, 20, 5, 1), "staging") < 1);
    }

    /** A time that is training alone changes as its factors do. */
    @Test
    void factorsAreRatiosWhereThereIsNothingElse() {
        Entry a = SampleEntries.parts("a", 8, 0, 10, 20, 0, 0);
        Entry b = SampleEntries.parts("b", 8, 0, 20, 10, 0, 0);
        assertEquals(0.5, factor(a, b, "epochs to converge"), 1e-12);
        assertEquals(4, factor(a, b, "training per epoch"), 1e-12);
    }

    private static double factor(Entry a, Entry b, String name) {
        return Decomposition.of(a, b).orElseThrow().factors().stream()
                .filter(factor -> factor.name().equals(name))
                .findFirst()
                .orElseThrow()
                .factor();
    }

    @Test
    void factorsOfAllPublishedPairsMultiplyToTheMeasuredRatio() {
        int pairs = 0;
        for (Entry a : PUBLISHED) {
            for (Entry b : PUBLISHED) {
                if (a.isTimeToTrain()
                        && b.isTimeToTrain()
                        && a.task().benchmark().equals(b.task().benchmark())) {
                    for (Normalisation normalisation : Normalisation.values()) {
                        Comparison comparison = Comparison.of(a, b, normalisation, true);
                        double speed = comparison.speed().orElseThrow();
                        assertEquals(
                                speed, comparison.decomposition().orElseThrow().ratio(), 1e-3 * speed);
                        pairs++;
                    }
                }
            }
        }
        assertTrue(pairs > 1000);
    }

    @Test
    void verdictsOfPublishedResults() {
        assertEquals(
                Comparison.Verdict.SLOWER,
                published("1.0", "dgxa100_n128_ngc21.09_mxnet", "juwelsbooster_gpu_n1024_mxnet1.9")
                        .verdict());
        Comparison itself = published("1.0", "longhorn-tf", "longhorn-tf");
        assertEquals(Comparison.Verdict.CANNOT_TELL, itself.verdict());
        assertEquals(1, itself.speed().orElseThrow());
    }

    private static Comparison published(String round, String first, String second) {
        return Comparison.of(find(round, first), find(round, second), Normalisation.NONE, false);
    }

    private static Entry find(String round, String system) {
        return PUBLISHED.stream()
                .filter(entry -> entry.label().round().equals(Optional.of(round)))
                .filter(entry -> entry.label().system().equals(system))
                .filter(entry -> entry.task().benchmark().equals("cosmoflow"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void incomparableRoundsGetNoVerdictUnlessAsked() {
        Entry old = SampleEntries.times("1.0", "a", 8, 10, 11, 12);
        Entry recent = SampleEntries.times("2.0", "b", 8, 1, 1.1, 1.2);
        Comparison refused = Comparison.of(old, recent, Normalisation.NONE, false);
        assertEquals(Comparison.Verdict.NOT_COMPARABLE, refused.verdict());
        assertTrue(refused.speed().isEmpty());
        Comparison anyway = Comparison.of(old, recent, Normalisation.NONE, true);
        assertEquals(Comparison.Verdict.FASTER, anyway.verdict());
        assertTrue(anyway.compatibility().remarks().get(0).contains("changed between rounds 1.0 and 2.0"));
        assertFalse(anyway.compatibility().comparable());
    }

    @Test
    void roundsOutsideOfTheTableAreMarked() {
        Entry a = SampleEntries.times("2.0", "a", 8, 10, 11, 12);
        Entry b = SampleEntries.times("3.0", "b", 8, 10, 11, 12);
        Compatibility compatibility = Compatibility.of(a, b);
        assertTrue(compatibility.comparable());
        assertTrue(compatibility.remarks().get(0).contains("does not say"));
    }

    @Test
    void accelerationByMoreAcceleratorsIsNoneByAccelerator() {
        Entry a = SampleEntries.times("2.0", "a", 8, 10, 10.1, 10.2);
        Entry b = SampleEntries.times("2.0", "b", 32, 5, 5.05, 5.1);
        assertEquals(
                Comparison.Verdict.FASTER,
                Comparison.of(a, b, Normalisation.NONE, false).verdict());
        Comparison each = Comparison.of(a, b, Normalisation.PER_ACCELERATOR, false);
        assertEquals(Comparison.Verdict.SLOWER, each.verdict());
        assertEquals(0.5, each.speed().orElseThrow(), 0.01);
    }

    @Test
    void oneRunCannotTell() {
        Comparison comparison = Comparison.of(
                SampleEntries.times("2.0", "a", 8, 10),
                SampleEntries.times("2.0", "b", 8, 1, 1.1, 1.2),
                Normalisation.NONE,
                false);
        assertEquals(Comparison.Verdict.CANNOT_TELL, comparison.verdict());
        assertTrue(comparison.interval().isEmpty());
    }

    @Test
    void strongScalingOfTheSmallestScaleIsOne() {
        List<Scaling> scalings = Scaling.of(List.of(
                SampleEntries.times("2.0", "big", 32, 5, 5.05, 5.1),
                SampleEntries.times("2.0", "small", 8, 10, 10.1, 10.2)));
        assertEquals(1, scalings.size());
        List<Scaling.Point> points = scalings.get(0).points();
        assertEquals(8, points.get(0).scale());
        assertEquals(1, points.get(0).efficiency().value().orElseThrow());
        assertEquals(2, points.get(1).speed().value().orElseThrow(), 0.01);
        assertEquals(0.5, points.get(1).efficiency().value().orElseThrow(), 0.01);
        assertTrue(points.get(1).efficiency().interval().orElseThrow().contains(0.5));
    }

    @Test
    void logarithmicMeanLiesBetweenAndHasItsLimits() {
        assertEquals(5, Decomposition.logarithmicMean(5, 5));
        assertEquals(0, Decomposition.logarithmicMean(5, 0));
        assertEquals(9 / Math.log(10), Decomposition.logarithmicMean(10, 1), 1e-12);
        assertEquals(5, Decomposition.logarithmicMean(5, 5 + 1e-9), 1e-9);
    }
}
