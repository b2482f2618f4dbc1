package org.mlhpc.staging.plan;

/**
 * Bytes per second, as measured on a small part of the data.
 *
 * @param sharedOfOne what one node reads from the source alone
 * @param sharedOfAll what all nodes together read from it
 * @param write what a node writes to its destination
 * @param read what a node reads from it again
 * @param broadcast what one node sends to all others; infinite if there are none
 */
public record Rates(double sharedOfOne, double sharedOfAll, double write, double read, double broadcast) {}
