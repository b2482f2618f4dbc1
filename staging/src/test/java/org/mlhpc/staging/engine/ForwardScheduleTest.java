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
import org.junit.jupiter.api.Test;
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
            int at = 0;
            for (ForwardSchedule.Piece piece : chunk.pieces()) {
                String path = piece.file().path();
                assertEquals(sent.getOrDefault(path, 0L), piece.offset(), path);
                assertEquals(at, piece.at(), path);
                at += piece.bytes();
                sent.merge(path, (long) piece.bytes(), Long::sum);
                assertEquals(piece.last(), sent.get(path) == piece.file().bytes(), path);
                owners.computeIfAbsent(path, key -> new HashSet<>()).add(chunk.owner());
            }
            assertEquals(at, chunk.bytes());
            assertTrue(at <= CHUNK);
            all.add(chunk.owner());
        }

        assertEquals(50, sent.size());
        owners.forEach((path, nodesOfFile) -> assertEquals(1, nodesOfFile.size(), path));
        assertEquals(Math.min(nodes, 50), all.size(), "all nodes read");
    }

    @Test
    void smallFilesTravelTogether() {
        var small = new ArrayList<SourceFile>();
        for (int i = 0; i < 64; i++) {
            small.add(new SourceFile("f" + i, 10, 0, OptionalLong.empty()));
        }

        var chunks = new ArrayList<ForwardSchedule.Chunk>();
        new ForwardSchedule(small, 2, CHUNK).forEach(chunks::add);

        // Two streams of 32 files, of which ten fill a chunk.
        assertEquals(8, chunks.size());
        assertEquals(10, chunks.get(0).pieces().size());
    }

    @Test
    void emptyFilesTravelTooButNotAllAtOnce() {
        var empty = new ArrayList<SourceFile>();
        for (int i = 0; i < 2000; i++) {
            empty.add(new SourceFile("f" + i, 0, 0, OptionalLong.empty()));
        }

        var pieces = new ArrayList<Integer>();
        new ForwardSchedule(empty, 1, CHUNK)
                .forEach(chunk -> pieces.add(chunk.pieces().size()));

        assertEquals(List.of(1024, 976), pieces);
    }
}
