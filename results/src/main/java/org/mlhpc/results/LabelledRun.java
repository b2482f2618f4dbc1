package org.mlhpc.results;

/**
 * A run and what it is called beside others.
 *
 * @param label unique among those runs
 */
public record LabelledRun(String label, RunRecord record) {}
