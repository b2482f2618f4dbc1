package org.mlhpc.deepcam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the recursions that the published schedulers go through, step by step. */
class ScheduleTest {
    private static final double LR = 0.0055;
    private static final double ETA_MIN = 1e-4;
    private static final int T_MAX = 30;
    private static final List<Integer> MILESTONES = List.of(10, 25, 25);
    private static final double DECAY = 0.5;

    private static Schedule schedule(Schedule.Type type, int warmUp, double factor) {
        return new Schedule(LR, type, warmUp, factor, MILESTONES, DECAY, T_MAX, ETA_MIN);
    }

    private static double warmUp(int count, int steps, double factor) {
        return factor == 1 ? LR * count / steps : LR * ((factor - 1) * count / steps + 1);
    }

    /** From the rate of the update before; the scheduler counts from 1 at the first update. */
    private static double multistep(double before, int count, int warmUp, double factor) {
        if (count < warmUp) {
            return warmUp(count, warmUp, factor);
        }
        int shift = warmUp > 0 ? warmUp + 1 : 0;
        long now = MILESTONES.stream().filter(m -> m + shift == count).count();
        return before * Math.pow(DECAY, (double) now);
    }

    private static double cosine(double before, int count, int warmUp, double factor) {
        if (count < warmUp) {
            return warmUp(count, warmUp, factor);
        }
        int since = count - warmUp;
        if (since == 0) {
            return before;
        } else if ((since - 1 - T_MAX) % (2 * T_MAX) == 0) {
            return before + (LR - ETA_MIN) * (1 - Math.cos(Math.PI / T_MAX)) / 2;
        }
        return (1 + Math.cos(Math.PI * since / T_MAX))
                        / (1 + Math.cos(Math.PI * (since - 1) / T_MAX))
                        * (before - ETA_MIN)
                + ETA_MIN;
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 1", "12, 1", "12, 3"})
    void multistepFollowsThePublishedRecursion(int warmUp, double factor) {
        Schedule schedule = schedule(Schedule.Type.MULTISTEP, warmUp, factor);
        double rate = LR;
        for (int update = 0; update < 100; update++) {
            rate = multistep(rate, update + 1, warmUp, factor);
            assertEquals(rate, schedule.rate(update), 1e-12 * LR, "update " + update);
        }
    }

    /** The recursion loses digits where it divides by nearly nothing. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "12, 1", "12, 3"})
    void cosineWithWarmUpFollowsThePublishedRecursion(int warmUp, double factor) {
        Schedule schedule = schedule(Schedule.Type.COSINE_ANNEALING, warmUp, factor);
        double rate = LR;
        for (int update = 0; update < 150; update++) {
            rate = cosine(rate, update + 1, warmUp, factor);
            assertEquals(rate, schedule.rate(update), 1e-9 * LR, "update " + update);
        }
    }

    @Test
    void cosineWithoutWarmUpBeginsAtTheTop() {
        Schedule schedule = schedule(Schedule.Type.COSINE_ANNEALING, 0, 1);

        assertEquals(LR, schedule.rate(0), 1e-15);
        assertEquals((LR + ETA_MIN) / 2, schedule.rate(T_MAX / 2), 1e-15);
        assertEquals(ETA_MIN, schedule.rate(T_MAX), 1e-15);
    }

    /** Of the reference: warm-up of 400 updates to 399 / 400 of the rate, then a tenth from update 1200 on. */
    @Test
    void referenceWarmsUpAndDecaysOnce() {
        Schedule schedule = new DeepCam().settings("reference").bind(Schedule.class);
        Map<Long, Double> expected = Map.of(
                0L, 0.0055 / 400,
                199L, 0.0055 / 2,
                398L, 0.0055 * 399 / 400,
                399L, 0.0055 * 399 / 400,
                1199L, 0.0055 * 399 / 400,
                1200L, 0.00055 * 399 / 400);
        expected.forEach((update, rate) -> assertEquals(rate, schedule.rate(update), 1e-12));
    }
}
