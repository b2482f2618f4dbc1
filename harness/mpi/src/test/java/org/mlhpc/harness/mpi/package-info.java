/** Tests of the Open MPI communicator; those with several ranks run under {@code mpirun}. */
@NullMarked
package org.mlhpc.harness.mpi;

import org.jspecify.annotations.NullMarked;
