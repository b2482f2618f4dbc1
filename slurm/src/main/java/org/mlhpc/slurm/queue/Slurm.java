package org.mlhpc.slurm.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What a campaign wants of Slurm. */
public interface Slurm {
    /**
     * Hands a script over.
     *
     * @param options of sbatch beside those in the script
     * @return the id of the job
     * @throws IOException if Slurm refuses it or cannot be asked; the message says what Slurm says
     */
    String submit(List<String> options, Path script) throws IOException;

    /**
     * Ids of all jobs that wait or run, of arrays the id of the array.
     *
     * @throws IOException if Slurm cannot be asked
     */
    Set<String> queued() throws IOException;

    /** Takes jobs out of the queue. */
    void cancel(List<String> ids) throws IOException;
}
