package org.mlhpc.api;

/** Opens the communicator of a process that a launcher such as {@code mpirun} started; found by ServiceLoader. */
public interface CommunicatorProvider {
    /** What the user calls it, with version. */
    String name();

    /** Joins the job this process was launched in. At most once per process. */
    Communicator open();
}
