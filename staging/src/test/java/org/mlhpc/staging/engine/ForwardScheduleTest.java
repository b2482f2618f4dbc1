package org.mlhpc.staging.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.staging.files.SourceFile;

class ForwardScheduleTest {
    private static final int CHUNK = 100;

    private static List<SourceFile> files(int number) {
        var files = new ArrayList<SourceFile>();
        for (int i = 0; i < number; i++) {
            files.add(new SourceFile("f" + i, 37L * i, 0, OptionalLong.empty()));
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 40})
    void everyByteIsSentOnceInOrderAndEachFileByOneNode(int nodes) {
        Map<String, Long> sent = new HashMap<>();
        Map<String, Set<Integer>> owners = new HashMap<>();
        Set<Integer> all = new HashSet<>();
        for (ForwardSchedule.Chunk chunk : new ForwardSchedule(files(50), nodes, CHUNK)) {
            String path = chunk.file().path();
            assertEquals(sent.getOrDefault(path, 0L), chunk.offset(), path);
            assertTrue(chunk.bytes() <= CHUNK);
            sent.merge(path, (long) chunk.bytes(), Long::sum);
            assertEquals(chunk.last(), sent.get(path) == chunk.file().bytes(), path);
            owners.computeIfAbsent(path, key -> new HashSet<>()).add(chunk.owner());
            all.add(chunk.owner());
        }

        assertEquals(50, sent.size());
        owners.forEach((path, nodesOfFile) -> assertEquals(1, nodesOfFile.size(), path));
        assertEquals(Math.min(nodes, 50), all.size(), "all nodes read");
    }
}
