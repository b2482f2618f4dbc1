package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.mlhpc.api.Communicator;
import org.mlhpc.staging.engine.ForwardSchedule.Chunk;
import org.mlhpc.staging.engine.ForwardSchedule.Piece;
import org.mlhpc.staging.engine.StreamWriter.Mismatch;
import org.mlhpc.staging.files.SourceFile;

/** The writers of a node, one for each stream. */
final class NodeWriters {
    private final Communicator leaders;
    private final List<StreamWriter> writers = new ArrayList<>();

    NodeWriters(Communicator leaders, int streams, Supplier<StreamWriter> writer) {
        this.leaders = leaders;
        for (int i = 0; i < streams; i++) {
            writers.add(writer.get());
        }
    }

    /** Hands on what this node wants of the chunk; whoever is done with the last piece gives the parcel back. */
    void put(Chunk chunk, Parcel parcel, boolean intact, Set<SourceFile> wanted) {
        List<Piece> pieces = chunk.pieces().stream()
                .filter(piece -> wanted.contains(piece.file()))
                .toList();
        if (pieces.isEmpty()) {
            parcel.release();
        }
        boolean alone = chunk.pieces().size() == 1;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            ByteBuffer data = alone ? parcel.chunk() : parcel.part(piece.at(), piece.bytes());
            Runnable release = i + 1 < pieces.size() ? () -> {} : parcel::release;
            writers.get(chunk.stream()).put(new Delivery(piece.file(), data, piece.last(), intact, release));
        }
    }

    /** Throws on all nodes if one could not write. Collective. */
    void requireWritten() throws IOException {
        Optional<IOException> own =
                writers.stream().flatMap(writer -> writer.failure().stream()).findFirst();
        boolean anywhere = leaders.max(own.isPresent() ? 1 : 0) > 0;
        if (own.isPresent()) {
            throw own.get();
        } else if (anywhere) {
            throw new IOException("another node could not write what was forwarded to it");
        }
    }

    /** Waits for what is under way. */
    void finish() throws IOException {
        try {
            for (StreamWriter writer : writers) {
                writer.finish();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while forwarding", e);
        }
    }

    /** What did not come to this node as it should, once all is finished. */
    List<Mismatch> mismatches() {
        return writers.stream().flatMap(writer -> writer.mismatches().stream()).toList();
    }
}
