package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.CommunicatorContract;
import org.mlhpc.api.LocalCommunicator;

/** The contract on the ranks of a running job; started by {@link RankMain} only. */
class MpiContract extends CommunicatorContract {
    static Communicator world = new LocalCommunicator();

    @Override
    protected Communicator world() {
        return world;
    }

    @Test
    void worldHasSeveralRanks() {
        assertTrue(world().size() > 1, "started without mpirun");
    }

    /** Open MPI installs signal handlers of its own; HotSpot turns SIGSEGV into this exception. */
    @Test
    void implicitNullChecksSurviveMpi() {
        String[] words = {"word", null};
        int failures = 0;
        for (int i = 0; i < 100_000; i++) {
            try {
                failures -= words[i % 7 == 0 ? 1 : 0].length() * 0;
            } catch (NullPointerException expected) {
                failures++;
            }
        }
        assertTrue(failures == 100_000 / 7 + 1, failures + " exceptions");
    }
}
