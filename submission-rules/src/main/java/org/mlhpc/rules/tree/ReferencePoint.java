package org.mlhpc.rules.tree;

import java.util.List;

/**
 * How fast the reference implementation converges with one batch size: a row of reference-convergence.json, derived from the
 * published runs of the reference (mlcommons/logging, rcp_checker).
 *
 * @param batch global batch size, samples
 * @param runs number of reference runs
 * @param mean olympic mean of their epochs to converge (samples in OpenFold)
 * @param deviation population standard deviation of all of them
 */
record ReferencePoint(String benchmark, List<String> rulesets, long batch, int runs, double mean, double deviation) {}
