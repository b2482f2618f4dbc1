package org.mlhpc.roofline.gpu;

import java.util.ArrayList;
import java.util.List;

/** Calls that are made to the last one, whatever fails: what one cannot release must not keep the rest. */
final class Releases {
    private Releases() {}

    @FunctionalInterface
    interface Call {
        void make() throws GpuException;
    }

    /**
     * Makes all calls in order.
     *
     * @throws GpuException the first failure, with the later ones suppressed
     */
    static void all(List<Call> calls) throws GpuException {
        var failures = new ArrayList<GpuException>();
        for (Call call : calls) {
            try {
                call.make();
            } catch (GpuException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            GpuException first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }
}
