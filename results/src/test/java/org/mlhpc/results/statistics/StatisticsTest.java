package org.mlhpc.results.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Single cases; expected values from SciPy 1.17, so the tolerances are its printed digits. */
class StatisticsTest {
    private static final Sample FIVE = Sample.of(10.748217, 10.337983, 10.369983, 10.879483, 10.336767);
    private static final Sample TEN = Sample.of(11.2, 12.1, 11.8, 12.9, 11.1, 13.0, 12.2, 11.9, 12.4, 11.5);

    @Test
    void studentsIntervalIsThatOfScipy() {
        Interval interval = MeanInterval.student(FIVE, 0.95).orElseThrow();
        assertEquals(10.212209, interval.low(), 1e-6);
        assertEquals(10.856764, interval.high(), 1e-6);
    }

    @Test
    void oneRunHasNoInterval() {
        Sample one = Sample.of(3);
        assertTrue(MeanInterval.student(one, 0.95).isEmpty());
        assertTrue(MeanInterval.logNormal(one, 0.95).isEmpty());
        assertTrue(MeanInterval.bootstrap(one, 0.95).isEmpty());
        assertTrue(RatioOfMeans.of(one, FIVE, 0.95).isEmpty());
    }

    @Test
    void publishedMomentsGiveAlmostTheIntervalOfTheValues() {
        Sample moments = Sample.ofMoments(10, TEN.mean(), TEN.deviation());
        Interval values = MeanInterval.logNormal(TEN, 0.95).orElseThrow();
        Interval guessed = MeanInterval.logNormal(moments, 0.95).orElseThrow();
        // At a spread of 5 % the log-normal with the same moments differs in the third order only.
        assertEquals(values.low(), guessed.low(), 1e-3 * values.low());
        assertEquals(values.high(), guessed.high(), 1e-3 * values.high());
    }

    @Test
    void tellsAClearDifferenceFromNone() {
        assertEquals(
                RatioOfMeans.Verdict.LARGER,
                RatioOfMeans.of(FIVE, TEN, 0.95).orElseThrow().verdict());
        assertEquals(
                RatioOfMeans.Verdict.SMALLER,
                RatioOfMeans.of(TEN, FIVE, 0.95).orElseThrow().verdict());
        assertEquals(
                RatioOfMeans.Verdict.CANNOT_TELL,
                RatioOfMeans.of(TEN, TEN.times(1.01), 0.95).orElseThrow().verdict());
    }

    @Test
    void comparisonIsTheSameBothWays() {
        RatioOfMeans there = RatioOfMeans.of(FIVE, TEN, 0.95).orElseThrow();
        RatioOfMeans back = RatioOfMeans.of(TEN, FIVE, 0.95).orElseThrow();
        assertEquals(1, there.ratio() * back.ratio(), 1e-12);
        assertEquals(1, there.interval().low() * back.interval().high(), 1e-12);
    }

    @Test
    void moreRunsShowSmallerDifferences() {
        var detectable = new Detectable(0.95, 0.8);
        assertTrue(detectable.smallestRatio(0.1, 10) < detectable.smallestRatio(0.1, 5));
        int needed = detectable.runsNeeded(0.1, 1.1).orElseThrow();
        assertTrue(detectable.smallestRatio(0.1, needed) <= 1.1);
        assertTrue(detectable.smallestRatio(0.1, needed - 1) > 1.1);
        assertEquals(OptionalInt.empty(), detectable.runsNeeded(1, 1.0001));
        assertThrows(IllegalArgumentException.class, () -> detectable.runsNeeded(0.1, 1));
    }

    @Test
    void fitRecoversAnExactCurve() {
        CriticalBatch fit =
                CriticalBatch.fit(curve(1e6, 700, 64, 256, 1024, 4096), 0.95).orElseThrow();
        assertEquals(700, fit.criticalBatch(), 1e-3 * 700);
        assertEquals(1e6, fit.leastSamples(), 1e-3 * 1e6);
        assertEquals(2e6, fit.samplesAt(700), 1e-3 * 2e6);
    }

    @Test
    void convergenceThatDoesNotDependOnTheBatchBoundsItOnlyFromBelow() {
        var flat = List.of(
                new CriticalBatch.Observation(64, TEN.times(1e5)), new CriticalBatch.Observation(128, TEN.times(1e5)));
        Interval critical = CriticalBatch.fit(flat, 0.95).orElseThrow().criticalBatchInterval();
        assertEquals(Double.POSITIVE_INFINITY, critical.high());
        assertTrue(critical.low() > 128);
    }

    @Test
    void oneBatchSizeIsNoCurve() {
        assertTrue(CriticalBatch.fit(List.of(new CriticalBatch.Observation(64, TEN)), 0.95)
                .isEmpty());
    }

    @Test
    void runsThatAgreeBetterThanTheirBatchSizesCountAsMisfit() {
        var seen = List.of(
                new CriticalBatch.Observation(64, FIVE),
                new CriticalBatch.Observation(128, FIVE.times(3)),
                new CriticalBatch.Observation(256, FIVE),
                new CriticalBatch.Observation(512, FIVE.times(3)));
        assertTrue(CriticalBatch.fit(seen, 0.95).orElseThrow().misfit());
        assertFalse(CriticalBatch.fit(
                        List.of(
                                new CriticalBatch.Observation(64, TEN),
                                new CriticalBatch.Observation(128, TEN),
                                new CriticalBatch.Observation(256, TEN)),
                        0.95)
                .orElseThrow()
                .misfit());
    }

    @Test
    void noTimeIsZeroOrNegative() {
        assertThrows(IllegalArgumentException.class, () -> Sample.of(1, 0));
        assertThrows(IllegalArgumentException.class, () -> Sample.of());
        assertThrows(IllegalArgumentException.class, () -> Sample.ofMoments(5, Double.NaN, 1));
    }

    private static List<CriticalBatch.Observation> curve(double least, double critical, double... batches) {
        return java.util.Arrays.stream(batches)
                .mapToObj(batch ->
                        new CriticalBatch.Observation(batch, Sample.ofMoments(5, least * (1 + batch / critical), 1)))
                .toList();
    }
}
