/**
 * The communicator over the Java bindings of Open MPI: the only package that imports {@code mpi}, because upstream calls
 * the bindings provisional and removes them in Open MPI 6.
 *
 * <p>Built only where an {@code mpi.jar} is at hand, and found by ServiceLoader. Priorities: no copies of gradients, then
 * errors that name rank and operation.
 */
@NullMarked
package org.mlhpc.harness.mpi;

import org.jspecify.annotations.NullMarked;
