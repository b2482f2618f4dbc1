package org.mlhpc.harness.mpi;

import org.mlhpc.api.Communicator;
import org.mlhpc.api.CommunicatorProvider;

/** Joins the job that {@code mpirun} or {@code srun} started this process in. */
public final class MpiCommunicatorProvider implements CommunicatorProvider {
    @Override
    public String name() {
        return MpiCommunicator.libraryVersion();
    }

    @Override
    public Communicator open() {
        return MpiCommunicator.open(System.getenv());
    }
}
