package org.mlhpc.results.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.entry.PublishedResults;

class ScaleUpTest {
    @Test
    void predictsTheLargestPublishedScalesWithin15Percent() {
        List<ScaleUp> all = ScaleUp.of(PublishedResults.all(), 3);
        double[] errors = all.stream()
                .mapToDouble(each -> Math.abs(each.errors().minutes()))
                .sorted()
                .toArray();
        assertEquals(4, errors.length);
        assertTrue((errors[1] + errors[2]) / 2 <= 0.15, all::toString);
    }

    @Test
    void listsEverySystemWithEnoughScales() {
        Set<String> systems = ScaleUp.of(PublishedResults.all(), 3).stream()
                .map(each -> each.benchmark() + " " + each.system())
                .collect(Collectors.toSet());
        assertEquals(
                Set.of("cosmoflow Fujitsu, A64FX", "deepcam HelmholtzAI, A100", "cosmoflow NVIDIA, A100"), systems);
        assertEquals(15, ScaleUp.of(PublishedResults.all(), 2).size());
    }

    @Test
    void whatIsPredictedIsNotSeen() {
        for (ScaleUp each : ScaleUp.of(PublishedResults.all(), 2)) {
            long target = each.target().machine().scale().orElseThrow();
            assertTrue(each.basis().stream()
                    .allMatch(entry -> entry.machine().scale().orElseThrow() < target));
            assertTrue(each.minutes().interval().low() < each.minutes().value());
        }
    }

    @Test
    void variantsOfAnAcceleratorAreOneGeneration() {
        assertEquals("A100", ScaleUp.generationOf("NVIDIA A100-SXM4-80GB (400W)"));
        assertEquals("A100", ScaleUp.generationOf("NVIDIA A100 - PCIe - 80 GB"));
        assertEquals("V100", ScaleUp.generationOf("Tesla V100-SXM2-16GB"));
        assertEquals("A64FX", ScaleUp.generationOf("FUJITSU Processor A64FX"));
        assertEquals("NVIDIA Quadro RTX 5000", ScaleUp.generationOf("NVIDIA Quadro RTX 5000"));
    }

    @Test
    void stepsAreAFixedPartAndOnePerSample() {
        StepRate rate = StepRate.of(List.of(point(1, 0.3), point(2, 0.5), point(4, 0.9)));
        assertEquals(0.1, rate.fixedSeconds(), 1e-9);
        assertEquals(0.2, rate.secondsPerSample(), 1e-9);
    }

    @Test
    void partsOfAStepAreNotNegative() {
        assertEquals(0, StepRate.of(List.of(point(1, 0.1), point(2, 0.5))).fixedSeconds(), 0);
        assertEquals(0, StepRate.of(List.of(point(1, 0.5), point(2, 0.1))).secondsPerSample(), 0);
        assertEquals(0.2, StepRate.of(List.of(point(2, 0.4), point(2, 0.4))).seconds(1), 1e-12);
    }

    private static StepRate.Point point(double samples, double seconds) {
        return new StepRate.Point(samples, seconds);
    }
}
