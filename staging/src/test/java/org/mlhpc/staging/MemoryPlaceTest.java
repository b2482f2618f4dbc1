package org.mlhpc.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.staging.files.NodePlace;

class MemoryPlaceTest {
    @TempDir
    private Path directory;

    private Path base() {
        return directory.resolve("data");
    }

    private static MemoryPlace at(Communicator world, Path folder) throws IOException {
        return new MemoryPlace(world, NodePlace.of(world), Optional.of(folder), false);
    }

    @Test
    void whatAnotherRunHasStays() throws IOException {
        try (var other = ClaimedFolder.first(base());
                var mine = at(new LocalCommunicator(), base())) {
            mine.claim(true);
            assertEquals(Optional.of(directory.resolve("data-1")), mine.folder());
            assertEquals(Optional.empty(), mine.own(), "nothing is in it yet");
            mine.begin();
            assertEquals(mine.folder(), mine.own());
            assertEquals(base(), other.folder());
        }
    }

    @Test
    void aFolderOfTheUserIsNotClaimed() throws IOException {
        var world = new LocalCommunicator();
        try (var other = ClaimedFolder.first(base());
                var named = new MemoryPlace(world, NodePlace.of(world), Optional.of(other.folder()), true)) {
            named.claim(true);
            named.begin();
            assertEquals(Optional.of(base()), named.folder());
            assertEquals(Optional.empty(), named.own());
        }
    }

    /** Three ranks on two nodes, the second of which cannot write there. */
    @Test
    void aNodeWithoutAPlaceEndsAllOrHasNone() throws Exception {
        Path nowhere = directory.resolve("missing").resolve("data");
        List<Optional<Path>> folders = DataSets.onRanks(ThreadCommunicator.ofNodes(2, 1), world -> {
            try (var place = at(world, NodePlace.of(world).node() == 0 ? base() : nowhere)) {
                place.claim(false);
                return place.folder();
            }
        });
        assertEquals(List.of(Optional.of(base()), Optional.of(base()), Optional.empty()), folders);
        Files.createDirectories(base());
        List<Optional<Path>> own = DataSets.onRanks(ThreadCommunicator.ofNodes(2, 1), world -> {
            try (var place = at(world, NodePlace.of(world).node() == 0 ? base() : nowhere)) {
                assertThrows(IOException.class, () -> place.claim(true));
                return place.own();
            }
        });
        assertTrue(own.stream().allMatch(Optional::isEmpty), "nobody may remove what is there");
    }
}
