package org.mlhpc.torch.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.RankThreads;

class OneForAllTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void everyRankGetsWhatTheFirstOneFinds(int ranks) throws Exception {
        for (byte[] found :
                RankThreads.run(ranks, world -> OneForAll.bytes(world, () -> new byte[] {1, (byte) world.rank(), 3}))) {
            assertArrayEquals(new byte[] {1, 0, 3}, found);
        }
        for (byte[] found : RankThreads.run(ranks, world -> OneForAll.bytes(world, () -> new byte[0]))) {
            assertEquals(0, found.length);
        }
    }

    /** Nobody is left waiting for a rank that has failed. */
    @Test
    void everyRankFailsWithWhatTheFirstOneSays() throws Exception {
        List<String> messages = RankThreads.run(3, world -> assertThrows(
                        IOException.class,
                        () -> OneForAll.bytes(world, () -> {
                            throw new IOException("file " + world.rank() + " is damaged");
                        }))
                .getMessage());

        assertEquals(List.of("file 0 is damaged", "file 0 is damaged", "file 0 is damaged"), messages);
    }

    /** Of which the JDK says only the name of the file. */
    @Test
    void whatTheFirstRankMayNotReadIsSaidByAll() throws Exception {
        List<String> messages = RankThreads.run(
                2,
                world -> FileErrors.message(assertThrows(
                        IOException.class,
                        () -> OneForAll.bytes(world, () -> {
                            throw new AccessDeniedException("data/train");
                        }))));

        assertEquals(List.of("data/train: access denied", "data/train: access denied"), messages);
    }
}
