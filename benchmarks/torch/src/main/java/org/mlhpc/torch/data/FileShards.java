package org.mlhpc.torch.data;

import java.nio.file.Path;
import java.util.List;
import org.mlhpc.api.Communicator;

/**
 * The files of a data set, one for each sample, and the ranks that deal them out among themselves.
 *
 * @param among all ranks of the job, or those of a node that holds a part of the data
 * @param stepsPerEpoch equal on all ranks of the job
 * @param validationSamples over all ranks of the job
 */
public record FileShards(
        List<Path> train, List<Path> validation, Communicator among, long stepsPerEpoch, long validationSamples) {
    public FileShards {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
    }
}
