package org.mlhpc.results.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.results.compare.ScaleUp.Rule;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.roofline.predict.Convergence;

class ScaleUpTest {
    /** Of each machine from itself, and of machines from each other. */
    @Test
    void predictsTheLargestPublishedScalesWithin15Percent() {
        for (List<ScaleUp> all : List.of(predicted(3, Rule.OTHERS), across(3))) {
            double[] errors = all.stream()
                    .mapToDouble(each -> Math.abs(each.errors().minutes()))
                    .sorted()
                    .toArray();
            assertEquals(2, errors.length);
            assertTrue((errors[0] + errors[1]) / 2 <= 0.15, all::toString);
        }
    }

    @Test
    void listsEverySystemWithEnoughScales() {
        assertEquals(Set.of("cosmoflow fugaku", "cosmoflow dgxa100"), systems(predicted(3, Rule.OTHERS)));
        assertEquals(Set.of("deepcam HelmholtzAI, A100"), systems(across(3)));
        assertEquals(15, predicted(2, Rule.OTHERS).size());
    }

    private static Set<String> systems(List<ScaleUp> predictions) {
        return predictions.stream()
                .map(each -> each.benchmark() + " " + each.system())
                .collect(Collectors.toSet());
    }

    private static List<ScaleUp> across(int scales) {
        return ScaleUp.acrossMachines(PublishedResults.all(), scales, Rule.OTHERS)
                .predicted();
    }

    @Test
    void machinesArePredictedFromThemselvesAlone() {
        for (ScaleUp each : predicted(2, Rule.OTHERS)) {
            assertEquals(Set.of(ScaleUp.machineOf(each.target())), machines(each), each::toString);
        }
        for (ScaleUp each : across(2)) {
            assertTrue(
                    machines(each).stream().anyMatch(name -> !name.equals(ScaleUp.machineOf(each.target()))),
                    each::toString);
        }
    }

    private static Set<String> machines(ScaleUp prediction) {
        return prediction.basis().stream().map(ScaleUp::machineOf).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({
        "fugaku_16384xA64FX_tensorflow_open, fugaku",
        "juwelsbooster_gpu_n2048_pytorch1.10, juwelsbooster_gpu",
        "horeka_gpu_n512_pytorch1.13, horeka_gpu",
        "dgxa100_n64_pytorch, dgxa100",
        "perlmutter_128x4, perlmutter",
        "perlmutter_256x4_ngc21.09_mxnet, perlmutter",
        "daint_gpu_n128_tf2.2.0, daint_gpu",
        "longhorn-pytorch, longhorn-pytorch",
        "32xXE8545x4A100-SXM4-40GB, 32xXE8545x4A100-SXM4-40GB"
    })
    void aMachineIsNamedBeforeItsScale(String system, String machine) {
        assertEquals(machine, Family.machineOf(system));
    }

    @Test
    void whatIsPredictedIsNotSeen() {
        for (ScaleUp each : predicted(2, Rule.OTHERS)) {
            long target = each.target().machine().scale().orElseThrow();
            assertTrue(each.basis().stream()
                    .allMatch(entry -> entry.machine().scale().orElseThrow() < target));
            assertTrue(each.minutes().interval().orElseThrow().low()
                    < each.minutes().value());
        }
    }

    private static List<ScaleUp> predicted(int scales, Rule rule) {
        return ScaleUp.of(PublishedResults.all(), scales, rule).predicted();
    }

    /** A strict prediction is the same if nothing but the target and its smaller scales had been published until then. */
    @Test
    void strictPredictionsSeeSmallerScalesOfTheSystemAlone() {
        List<ScaleUp> strict = predicted(2, Rule.STRICT);
        assertEquals(1, strict.size());
        for (ScaleUp each : strict) {
            long scale = each.target().machine().scale().orElseThrow();
            List<Entry> known = PublishedResults.all().stream()
                    .filter(entry -> entry.equals(each.target())
                            || (Family.ofMachine(entry).equals(Family.ofMachine(each.target()))
                                    && round(entry) <= round(each.target())
                                    && entry.machine().scale().orElse(Long.MAX_VALUE) < scale))
                    .toList();
            assertTrue(ScaleUp.of(known, 2, Rule.STRICT).predicted().contains(withScales(each, known)), each::toString);
        }
    }

    private static double round(Entry entry) {
        return Double.parseDouble(entry.label().round().orElseThrow());
    }

    /** Only the number of scales of the system differs if larger ones are unknown. */
    private static ScaleUp withScales(ScaleUp each, List<Entry> known) {
        long scales = ScaleUps.withoutRepetition(known).stream()
                .map(ScaleUp::scale)
                .distinct()
                .count();
        return new ScaleUp(
                each.benchmark(),
                each.system(),
                (int) scales,
                each.target(),
                each.basis(),
                each.law(),
                each.minutes(),
                each.errors());
    }

    @Test
    void whatCannotBePredictedStrictlyIsListedWithTheReason() {
        ScaleUp.Predictions strict = ScaleUp.of(PublishedResults.all(), 2, Rule.STRICT);
        assertEquals(15, strict.predicted().size() + strict.skipped().size());
        assertTrue(strict.skipped().stream().allMatch(each -> each.reason().startsWith("smaller scales")));
    }

    /** Of horeka's two results at 512 accelerators that of round 2.0 alone, which a forecast for round 1.0 must not know. */
    @Test
    void whatOnlyAnotherMachinesLaterResultsCouldTellIsListedToo() {
        List<Entry> entries = PublishedResults.all().stream()
                .filter(entry -> entry.task().benchmark().equals("deepcam"))
                .filter(entry -> entry.name().equals("2.0/HelmholtzAI/horeka_gpu_n512_pytorch1.13")
                        || entry.name().equals("1.0/HelmholtzAI/juwelsbooster_gpu_n1024_pytorch1.10"))
                .toList();
        assertEquals(2, entries.size());

        ScaleUp.Predictions strict = ScaleUp.acrossMachines(entries, 2, Rule.STRICT);

        assertEquals(List.of(), strict.predicted());
        assertEquals(
                List.of("smaller scales were published later"),
                strict.skipped().stream().map(ScaleUp.Skipped::reason).toList());
        assertEquals(List.of(), ScaleUp.of(entries, 2, Rule.STRICT).skipped());
    }

    @Test
    void lawsOfFewResultsSayWhetherTheyHaveAnInterval() {
        var one = new Convergence.Point(8, 100);
        var two = new Convergence.Point(32, 200);
        assertEquals(Optional.empty(), SampleLaw.ofFew(List.of(), 8));
        assertEquals(Optional.empty(), SampleLaw.ofFew(List.of(one), 16));
        SampleLaw same = SampleLaw.ofFew(List.of(one), 8).orElseThrow();
        assertEquals(100, same.samples(8), 1e-9);
        assertEquals(Optional.empty(), same.interval(8));
        SampleLaw through = SampleLaw.ofFew(List.of(one, two), 128).orElseThrow();
        assertEquals(400, through.samples(128), 1e-9);
        assertEquals(Optional.empty(), through.interval(128));
        var three = new Convergence.Point(8, 110);
        assertTrue(SampleLaw.ofFew(List.of(one, two, three), 128)
                .orElseThrow()
                .interval(128)
                .isPresent());
    }

    @Test
    void variantsOfAnAcceleratorAreOneGeneration() {
        assertEquals("A100", Family.generationOf("NVIDIA A100-SXM4-80GB (400W)"));
        assertEquals("A100", Family.generationOf("NVIDIA A100 - PCIe - 80 GB"));
        assertEquals("V100", Family.generationOf("Tesla V100-SXM2-16GB"));
        assertEquals("A64FX", Family.generationOf("FUJITSU Processor A64FX"));
        assertEquals("NVIDIA Quadro RTX 5000", Family.generationOf("NVIDIA Quadro RTX 5000"));
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
