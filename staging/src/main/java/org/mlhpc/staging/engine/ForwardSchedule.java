package org.mlhpc.staging.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.mlhpc.staging.files.Dealing;
import org.mlhpc.staging.files.SourceFile;

/**
 * Who broadcasts what when, the same on all nodes: a few streams of files take turns, chunk by chunk, so that several
 * nodes read at once. In each stream the files have different owners, which alone read them from the source.
 */
final class ForwardSchedule implements Iterable<ForwardSchedule.Chunk> {
    /** More readers than this do not fill a network faster, and each stream costs buffers. */
    static final int MOST_STREAMS = 8;

    private final List<List<SourceFile>> streams = new ArrayList<>();
    private final int nodes;
    private final int chunkBytes;

    /**
     * A piece of a file.
     *
     * @param owner number of the node that reads it
     * @param last whether the file ends with it
     */
    record Chunk(int stream, SourceFile file, int owner, long offset, int bytes, boolean last) {}

    ForwardSchedule(List<SourceFile> files, int nodes, int chunkBytes) {
        this.nodes = nodes;
        this.chunkBytes = chunkBytes;
        int number = Math.max(1, Math.min(Math.min(nodes, MOST_STREAMS), files.size()));
        for (int i = 0; i < number; i++) {
            streams.add(Dealing.share(files, i, number));
        }
    }

    int streams() {
        return streams.size();
    }

    @Override
    public Iterator<Chunk> iterator() {
        return new Turns();
    }

    private final class Turns implements Iterator<Chunk> {
        private final int[] file = new int[streams.size()];
        private final long[] offset = new long[streams.size()];
        private int turn;

        @Override
        public boolean hasNext() {
            for (int i = 0; i < file.length; i++) {
                if (file[turn] < streams.get(turn).size()) {
                    return true;
                }
                turn = (turn + 1) % file.length;
            }
            return false;
        }

        @Override
        public Chunk next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int stream = turn;
            SourceFile current = streams.get(stream).get(file[stream]);
            int owner = (int) ((stream + (long) file[stream] * streams.size()) % nodes);
            long at = offset[stream];
            int bytes = (int) Math.min(chunkBytes, current.bytes() - at);
            boolean last = at + bytes == current.bytes();
            offset[stream] = last ? 0 : at + bytes;
            file[stream] += last ? 1 : 0;
            turn = (turn + 1) % file.length;
            return new Chunk(stream, current, owner, at, bytes, last);
        }
    }
}
