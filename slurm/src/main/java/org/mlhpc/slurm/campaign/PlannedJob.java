package org.mlhpc.slurm.campaign;

import org.mlhpc.slurm.campaign.Campaign.Job;

/**
 * A job with the text of its script.
 *
 * @param job as the campaign keeps it, without an id
 */
public record PlannedJob(Job job, String text) {}
