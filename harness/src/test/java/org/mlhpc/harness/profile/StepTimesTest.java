package org.mlhpc.harness.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.roofline.Spread;

class StepTimesTest {
    private final Map<Phase, Double> clock = new EnumMap<>(Phase.class);
    private long payload;
    private final StepTimes times = new StepTimes(phase -> clock.getOrDefault(phase, 0.0), () -> payload);

    private void step(double forward, double harness) {
        clock.merge(Phase.FORWARD, forward, Double::sum);
        clock.merge(Phase.HARNESS, harness, Double::sum);
        payload += 100;
        times.stepEnded();
    }

    @Test
    void theFirstStepOfEachEpochIsLeftOutAndWhatIsBetweenEpochsToo() {
        times.epochBegins();
        step(64, 0);
        step(1, 0.5);
        clock.merge(Phase.HARNESS, 1000.0, Double::sum);
        clock.merge(Phase.EVALUATION, 1000.0, Double::sum);
        payload += 5000;
        times.epochBegins();
        step(32, 0.5);
        step(2, 0.5);

        assertEquals(2, times.count());
        assertArrayEquals(new double[] {1.5, 2.5}, times.seconds());
        assertArrayEquals(new double[] {1, 2}, times.seconds(Phase.FORWARD));
        assertEquals(Spread.of(0.5, 0.5), times.spread(Phase.HARNESS));
        assertEquals(100, times.payloadPerStep());
    }

    @Test
    void whatTheHarnessDoesBetweenStepsIsPartOfNone() {
        times.epochBegins();
        step(1, 0);
        clock.merge(Phase.HARNESS, 1000.0, Double::sum);
        payload += 8;
        times.stepBegins();
        step(2, 0);

        assertArrayEquals(new double[] {2}, times.seconds());
        assertEquals(100, times.payloadPerStep());
    }

    @Test
    void firstStepsAreBetterThanNone() {
        times.epochBegins();
        step(4, 1);
        times.epochBegins();
        step(3, 1);

        assertArrayEquals(new double[] {5, 4}, times.seconds());
    }
}
