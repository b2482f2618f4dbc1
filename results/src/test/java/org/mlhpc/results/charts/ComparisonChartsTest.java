package org.mlhpc.results.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.results.entry.SampleEntries;
import org.xml.sax.InputSource;

class ComparisonChartsTest {
    @ParameterizedTest
    @ValueSource(strings = {"cosmoflow", "deepcam", "oc20", "openfold"})
    void chartsOfPublishedResultsCanBeRead(String benchmark) throws Exception {
        List<Figure> figures = ComparisonCharts.of(benchmark, PublishedResults.all());
        // OpenFold is never staged within its run.
        assertEquals(benchmark.equals("openfold") ? 5 : 6, figures.size());
        for (Figure figure : figures) {
            var document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(figure.svg())));
            assertTrue(document.getElementsByTagName("text").getLength() > 5, figure.key());
            assertEquals(
                    2 * 960,
                    ImageIO.read(new ByteArrayInputStream(figure.png())).getWidth());
            String[] lines = figure.csv().split("\n", -1);
            assertEquals(figure.texts().size() + 2, lines.length, figure.key());
        }
    }

    @Test
    void numbersBesideAChartAreThoseOfTheEntries() {
        List<Entry> all = PublishedResults.all();
        Figure figure = ComparisonCharts.of("deepcam", all).get(0);
        List<Entry> plotted = all.stream()
                .filter(entry -> entry.task().benchmark().equals("deepcam") && entry.isTimeToTrain())
                .toList();
        assertEquals(plotted.size(), figure.texts().size());
        for (int i = 0; i < plotted.size(); i++) {
            List<String> row = figure.texts().get(i);
            Entry entry = plotted.get(i);
            assertEquals(entry.name(), row.get(0));
            assertEquals((double) entry.machine().scale().orElseThrow(), Double.parseDouble(row.get(2)));
            assertEquals(
                    entry.measured().score().orElseThrow(),
                    Double.parseDouble(row.get(3)),
                    1e-5 * entry.measured().score().orElseThrow());
        }
    }

    @Test
    void whatNoEntryHasIsNotDrawn() {
        List<Figure> figures =
                ComparisonCharts.of("cosmoflow", List.of(SampleEntries.times("2.0", "a", 8, 10, 11, 12)));
        assertEquals(
                List.of("cosmoflow-time-to-train", "cosmoflow-decomposition", "cosmoflow-spread"),
                figures.stream().map(Figure::key).toList());
    }

    @Test
    void logarithmicTicksAreRoundNumbers() {
        assertEquals(List.of(10.0, 20.0, 50.0, 100.0), LogTicks.values(9, 150));
        assertEquals(List.of(1.0, 10.0, 100.0, 1000.0, 10000.0), LogTicks.values(1, 20000));
    }
}
