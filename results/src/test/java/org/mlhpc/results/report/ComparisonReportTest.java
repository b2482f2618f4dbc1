package org.mlhpc.results.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.EntryReader;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.results.entry.SampleLogs;

class ComparisonReportTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    private Path folder;

    private static String html(List<Entry> entries) {
        return ComparisonReport.html(entries, List.of("x/<b>: skipped"), "mlhpc test", NOW);
    }

    private List<Entry> own() throws IOException {
        for (int run = 0; run < 10; run++) {
            SampleLogs.write(folder.resolve("mine/result_" + run + ".txt"), SampleLogs.cosmoflow(3 + run % 2, 64));
        }
        return EntryReader.read(folder.resolve("mine")).entries();
    }

    @Test
    void marksUnreviewedScoresAndNoOthers() throws IOException {
        String page = html(
                Stream.concat(own().stream(), PublishedResults.all().stream()).toList());
        assertTrue(
                page.contains("<td>own/<wbr>mine</td><td>closed</td><td class=\"number\">1.708 unverified</td>"), page);
        assertEquals(1, found("\\d unverified<", page).size());
        assertTrue(page.contains("not verified by MLCommons Association"));
        assertFalse(html(PublishedResults.all()).contains("not verified by"));
    }

    @Test
    void needsNothingFromElsewhere() {
        String page = html(PublishedResults.all()).replaceAll(" xmlns(:\\w+)?=['\"][^'\"]*['\"]", "");
        for (String reference : List.of("http", "src=", "<link", "@import", "url(http")) {
            assertFalse(page.contains(reference), reference);
        }
        for (String target : found("(?<=href=\"#)[^\"]+", page)) {
            assertTrue(page.contains("id=\"" + target + "\""), target);
        }
    }

    @Test
    void namesTheHashOfEachInput() throws IOException {
        List<Entry> entries = own();
        String page = html(entries);
        assertEquals(10, found(">[0-9a-f]{64}<", page).size());
        assertTrue(page.contains(Inputs.sha256(entries.get(0).files().get(3))));
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", emptyHash());
        assertTrue(html(PublishedResults.all()).contains(Inputs.sha256OfPublished()));
    }

    private String emptyHash() throws IOException {
        return Inputs.sha256(Files.createFile(folder.resolve("empty")));
    }

    @Test
    void saysInWordsWhyAFileHasNoHash() {
        Path lost = folder.resolve("lost");
        assertEquals(lost + ": no such file; make the report again once it can be read", Inputs.sha256(lost));
    }

    @Test
    void escapesWhatFilesAreCalled() {
        assertTrue(html(PublishedResults.all()).contains("x/&lt;b&gt;: skipped"));
    }

    @Test
    void writesEachChartThreeTimesAndNothingElse() throws IOException {
        Path out = folder.resolve("out");
        ComparisonReport.write(out, own(), List.of(), "mlhpc test", NOW);
        ComparisonReport.write(out, own(), List.of(), "mlhpc test", NOW);
        assertArrayEquals(
                new String[] {"charts", "report.html"},
                Stream.of(out.toFile().list()).sorted().toArray(String[]::new));
        List<String> charts =
                Stream.of(out.resolve("charts").toFile().list()).sorted().toList();
        assertEquals(3 * 6, charts.size());
        for (String ending : List.of(".csv", ".png", ".svg")) {
            assertTrue(charts.contains("cosmoflow-decomposition" + ending));
        }
    }

    /** In a real browser: the script runs, a click sorts by value, and nothing is fetched. */
    @Test
    @Tag("slow")
    void sortsInABrowser() throws IOException, InterruptedException {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "needs Chromium: apt-get install chromium");
        Path page = folder.resolve("page.html");
        String click = "<script>[...document.querySelectorAll(\"table.sortable th\")].find(head=>"
                + "head.textContent===\"score\").click();</script></body>";
        Files.writeString(page, html(PublishedResults.all()).replace("</body>", click));
        Path out = folder.resolve("dom.html");

        Process process = new ProcessBuilder(
                        browser.get().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--dump-dom",
                        page.toUri().toString())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "Chromium does not end");

        String dom = Files.readString(out);
        assertTrue(dom.contains("aria-sort=\"ascending\""), "the table is not sorted");
        String table = dom.substring(dom.indexOf("<tbody>"), dom.indexOf("</tbody>"));
        List<String> scores = found("(?<=<td>(closed|open)</td><td class=\"number\">)[^<]+", table);
        assertEquals("2.098", scores.get(0));
        assertEquals("602.2", scores.get(scores.size() - 1));
    }

    private static Optional<Path> browser() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
