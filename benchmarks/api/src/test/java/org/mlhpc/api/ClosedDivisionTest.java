package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosedDivisionTest {
    private static final Path TRAIN = Path.of("set%d", "train");
    private static final Path VALIDATION = Path.of("set%d", "validation");

    private final Settings reference = Settings.of(Map.of(
            "length", "0.01",
            "betas", "0.9,0.999",
            "verbose", "true",
            "train_samples", "0",
            "validation_samples", "0"));
    private final ClosedDivision closed =
            new ClosedDivision(reference, List.of("length", "betas", "verbose"), 1000, 100);

    @ParameterizedTest
    @CsvSource({
        "length, 1e-2",
        "length, 0.0100",
        "betas, '0.90, 0.9990'",
        "verbose, true",
        "train_samples, 1000",
        "validation_samples, 100"
    })
    void whatIsPublishedIsAllowedHoweverItIsWritten(String key, String value) {
        assertEquals(List.of(), closed.obstacles(reference.with(key, value)));
    }

    @ParameterizedTest
    @CsvSource({
        "length, 0.02, length=0.02 instead of 0.01",
        "betas, 0.9, 'betas=0.9 instead of 0.9,0.999'",
        "verbose, false, verbose=false instead of true",
        "train_samples, 999, train_samples=999 instead of 1000",
        "validation_samples, 101, validation_samples=101 instead of 100"
    })
    void whatDiffersIsNamedWithThePublishedValue(String key, String value, String reason) {
        assertEquals(List.of(reason), closed.obstacles(reference.with(key, value)));
    }

    private List<String> ofData(Settings settings, int train, int validation) throws IOException {
        return closed.obstacles(settings, TRAIN, VALIDATION, folder -> folder.equals(TRAIN) ? train : validation);
    }

    @Test
    void aPartOfThePublishedDataIsNamedAndAMissingFolderIsNot() throws IOException {
        assertEquals(List.of(), ofData(reference, 1000, 100));
        assertEquals(List.of(), ofData(reference, 0, 0));
        assertEquals(
                List.of(TRAIN + " holds 200 samples instead of 1000", VALIDATION + " holds 101 samples instead of 100"),
                ofData(reference, 200, 101));
        assertEquals(
                List.of(),
                ofData(reference.with(Map.of("train_samples", "1000", "validation_samples", "100")), 1200, 120),
                "of more samples, the published number is used");
    }
}
