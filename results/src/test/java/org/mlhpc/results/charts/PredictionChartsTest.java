package org.mlhpc.results.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.LabelledRun;
import org.mlhpc.results.SampleProfiles;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.fit.RooflineFit.Residual;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.DataPlan;
import org.mlhpc.roofline.predict.Estimate;
import org.mlhpc.roofline.predict.Layout;
import org.mlhpc.roofline.predict.Projection;

class PredictionChartsTest {
    /** Of two ranks with one thread each on one node, four samples per step. */
    private static final Projection PROJECTION = new Projection(
            new Layout(1, 2, 1),
            4,
            new Estimate(0.2, 0.1, 0.3),
            20,
            Map.of(Resource.COMPUTE, 0.1),
            Resource.COMPUTE,
            0.01,
            10,
            1,
            new DataPlan(DataPlan.Place.MEMORY, 0, 1e9, false, true, true, false),
            Optional.of(new Estimate(2, 1, 3)),
            Optional.of(new Estimate(60, 30, 90)),
            1,
            List.of());

    private static LabelledRun run(String label, int ranks, int nodes) {
        return new LabelledRun(
                label,
                SampleRecords.profiled(SampleProfiles.of(ranks, "fp32", Optional.empty(), "forward", Map.of()), nodes));
    }

    private static List<List<String>> series(Figure figure, String name) {
        return figure.texts().stream().filter(row -> row.get(0).equals(name)).toList();
    }

    private static List<String> labels(List<List<String>> rows) {
        return rows.stream().map(row -> row.get(5)).toList();
    }

    @Test
    void fittedStepsNameTheirRuns() {
        var slow = new Residual("slow", 0.2, 0.18, Map.of(Resource.COMPUTE, 0.1), Resource.COMPUTE);
        var fast = new Residual("fast", 0.1, 0.11, Map.of(Resource.COMPUTE, 0.1), Resource.COMPUTE);
        var model = new StepModel(Map.of(Resource.COMPUTE, 0.5), 0.01, 0.5);
        var fit = new RooflineFit(model, Map.of(), List.of(slow, fast), List.of(), List.of(), 0.95);
        Figure figure = PredictionCharts.fitted("key", "title", fit, List.of(fast));
        assertEquals(List.of("slow", "fast"), labels(series(figure, "fitted")));
        assertEquals(List.of("fast"), labels(series(figure, "predicted from the other runs")));
        assertEquals(List.of("", ""), labels(series(figure, "equal")));
    }

    @Test
    void intervalsSayTheirConfidence() {
        var charts = new PredictionCharts(List.of(PROJECTION), List.of(), 0.9);
        assertEquals(
                1, series(charts.stepsByNodes("key", "title"), "step, 90 %").size());
        Figure times = charts.timesByNodes("key", "title").orElseThrow();
        assertEquals(1, series(times, "predicted, 90 %").size());
    }

    @Test
    void everyRunOfAPredictedLayoutIsDrawn() {
        List<LabelledRun> runs =
                List.of(run("first", 2, 1), run("second", 2, 1), run("other ranks", 4, 1), run("other nodes", 2, 2));
        var charts = new PredictionCharts(List.of(PROJECTION), runs, 0.95);
        List<List<String>> steps = series(charts.stepsByNodes("key", "title"), "measured");
        assertEquals(List.of("first", "second"), labels(steps));
        assertEquals(250, Double.parseDouble(steps.get(0).get(2)), 1e-3);
        assertEquals(
                List.of("first", "second"),
                labels(series(charts.timesByNodes("key", "title").orElseThrow(), "measured")));
        assertTrue(new PredictionCharts(List.of(), runs, 0.95)
                .timesByNodes("key", "title")
                .isEmpty());
    }
}
