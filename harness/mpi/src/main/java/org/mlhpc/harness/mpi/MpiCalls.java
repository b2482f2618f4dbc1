package org.mlhpc.harness.mpi;

import java.util.Locale;
import mpi.MPIException;

/** Calls of MPI whose failures name rank and operation. */
record MpiCalls(int rank, int size) {
    /** A call that returns nothing. */
    @FunctionalInterface
    interface Operation {
        void run() throws MPIException;
    }

    /** A call with a result. */
    @FunctionalInterface
    interface Call<T> {
        T call() throws MPIException;
    }

    void run(String operation, Operation body) {
        call(operation, () -> {
            body.run();
            return this;
        });
    }

    /** @throws IllegalStateException if MPI reports an error */
    <T> T call(String operation, Call<T> body) {
        try {
            return body.call();
        } catch (MPIException e) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT, "rank %d of %d: MPI %s failed: %s", rank, size, operation, e.getMessage()),
                    e);
        }
    }
}
