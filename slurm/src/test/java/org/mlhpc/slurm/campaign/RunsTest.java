package org.mlhpc.slurm.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.slurm.campaign.Campaign.Point;

class RunsTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "0 1 2, 0-2", "2, 2", "0 2 3 4 9, '0,2-4,9'", "1 2 5 6, '1-2,5-6'"})
    void indicesAreWrittenAsRanges(String indices, String expected) {
        List<Integer> numbers =
                Arrays.stream(indices.split(" ", -1)).map(Integer::valueOf).toList();
        assertEquals(expected, Runs.array(numbers, OptionalInt.empty()));
        assertEquals(expected + "%3", Runs.array(numbers, OptionalInt.of(3)));
    }

    @Test
    void aRunIsFinishedWhenItsLogHasItsFinalName(@TempDir Path campaign) throws Exception {
        Path folder = Files.createDirectories(campaign.resolve("nodes_2"));
        Files.createFile(folder.resolve("result_1.txt"));
        Files.createFile(folder.resolve("result_2.txt.partial"));
        assertEquals(List.of(0, 2, 3), Runs.unfinished(campaign, Point.single(2, 1), 4));
    }
}
