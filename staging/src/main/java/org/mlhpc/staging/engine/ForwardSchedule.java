package org.mlhpc.staging.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.mlhpc.staging.files.Dealing;
import org.mlhpc.staging.files.SourceFile;

/**
 * Who broadcasts what when, the same on all nodes: a few streams of lots take turns, chunk by chunk, so that several nodes
 * read at once. A lot is a file, or as many small ones as fit into a chunk, since each broadcast has its latency. In each
 * stream the lots have different owners, which alone read them from the source.
 */
final class ForwardSchedule implements Iterable<ForwardSchedule.Chunk> {
    /** More readers than this do not fill a network faster, and each stream costs buffers. */
    static final int MOST_STREAMS = 8;
    /** Bounds how many files a node has in its hands, however small they are. */
    private static final int MOST_FILES_OF_LOT = 1024;

    private final List<List<List<SourceFile>>> streams = new ArrayList<>();
    private final int nodes;
    private final int chunkBytes;

    /**
     * A part of a file, or all of it.
     *
     * @param at where it begins in its chunk
     * @param offset where it begins in the file
     * @param last whether the file ends with it
     */
    record Piece(SourceFile file, int at, long offset, int bytes, boolean last) {}

    /**
     * What travels together: a piece of a file, or all of several small ones.
     *
     * @param owner number of the node that reads it
     */
    record Chunk(int stream, int owner, List<Piece> pieces) {
        Chunk {
            pieces = List.copyOf(pieces);
        }

        int bytes() {
            Piece end = pieces.get(pieces.size() - 1);
            return end.at() + end.bytes();
        }
    }

    ForwardSchedule(List<SourceFile> files, int nodes, int chunkBytes) {
        this.nodes = nodes;
        this.chunkBytes = chunkBytes;
        int number = Math.max(1, Math.min(Math.min(nodes, MOST_STREAMS), files.size()));
        for (int i = 0; i < number; i++) {
            streams.add(lots(Dealing.share(files, i, number)));
        }
    }

    private List<List<SourceFile>> lots(List<SourceFile> largestFirst) {
        var lots = new ArrayList<List<SourceFile>>();
        var open = new ArrayList<SourceFile>();
        long bytes = 0;
        for (SourceFile file : largestFirst) {
            boolean joins = bytes + file.bytes() <= chunkBytes && open.size() < MOST_FILES_OF_LOT;
            if (!open.isEmpty() && !(joins && isSmall(open.get(0)))) {
                lots.add(List.copyOf(open));
                open.clear();
                bytes = 0;
            }
            open.add(file);
            bytes += file.bytes();
        }
        if (!open.isEmpty()) {
            lots.add(List.copyOf(open));
        }
        return lots;
    }

    /** Large files are read and written directly, for which they must begin where their chunk does. */
    private boolean isSmall(SourceFile file) {
        return file.bytes() < chunkBytes && !CopyEngine.isLarge(file);
    }

    int streams() {
        return streams.size();
    }

    @Override
    public Iterator<Chunk> iterator() {
        return new Turns();
    }

    private final class Turns implements Iterator<Chunk> {
        private final int[] lot = new int[streams.size()];
        private final long[] offset = new long[streams.size()];
        private int turn;

        @Override
        public boolean hasNext() {
            for (int i = 0; i < lot.length; i++) {
                if (lot[turn] < streams.get(turn).size()) {
                    return true;
                }
                turn = (turn + 1) % lot.length;
            }
            return false;
        }

        @Override
        public Chunk next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int stream = turn;
            List<SourceFile> files = streams.get(stream).get(lot[stream]);
            int owner = (int) ((stream + (long) lot[stream] * streams.size()) % nodes);
            List<Piece> pieces = files.size() == 1 ? List.of(piece(files.get(0), offset[stream])) : whole(files);
            Piece end = pieces.get(pieces.size() - 1);
            offset[stream] = end.last() ? 0 : end.offset() + end.bytes();
            lot[stream] += end.last() ? 1 : 0;
            turn = (turn + 1) % lot.length;
            return new Chunk(stream, owner, pieces);
        }

        private Piece piece(SourceFile file, long from) {
            int bytes = (int) Math.min(chunkBytes, file.bytes() - from);
            return new Piece(file, 0, from, bytes, from + bytes == file.bytes());
        }

        private static List<Piece> whole(List<SourceFile> files) {
            var pieces = new ArrayList<Piece>();
            int at = 0;
            for (SourceFile file : files) {
                pieces.add(new Piece(file, at, 0, (int) file.bytes(), true));
                at += (int) file.bytes();
            }
            return pieces;
        }
    }
}
