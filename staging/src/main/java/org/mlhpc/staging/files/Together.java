package org.mlhpc.staging.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.mlhpc.api.Communicator;

/** Steps that succeed on all ranks or fail on all: a rank that gave up alone would leave the others waiting. */
public final class Together {
    private Together() {}

    /** Something that can fail. */
    @FunctionalInterface
    public interface Step<T> {
        T run() throws IOException;
    }

    /**
     * Takes the step on this rank and waits for the others. Collective.
     *
     * @throws IOException what failed on this rank, or that {@code what} failed on another one
     */
    public static <T> T on(Communicator ranks, String what, Step<T> step) throws IOException {
        Optional<Exception> failure = Optional.empty();
        Optional<T> result = Optional.empty();
        try {
            result = Optional.of(step.run());
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(e);
        }
        boolean failed = ranks.max(failure.isPresent() ? 1 : 0) > 0;
        if (failure.isPresent()) {
            if (failure.get() instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) failure.get();
        } else if (failed) {
            throw new IOException(what + " failed on another rank");
        }
        return result.orElseThrow();
    }

    /** Rank 0's {@code text} on every rank. Collective. */
    public static String broadcast(Communicator ranks, String text) {
        return broadcast(ranks, text, 0);
    }

    /** The {@code text} of rank {@code root} on every rank. Collective. */
    public static String broadcast(Communicator ranks, String text, int root) {
        return new String(ranks.broadcast(text.getBytes(StandardCharsets.UTF_8), root), StandardCharsets.UTF_8);
    }
}
