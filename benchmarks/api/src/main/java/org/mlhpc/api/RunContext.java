package org.mlhpc.api;

/**
 * What a workload may know about the run.
 *
 * @param seed the one seed that all ranks share; initial weights, shuffling and dropout follow from it
 * @param clock told which phase of a step begins
 * @param threads compute threads this rank may use
 */
public record RunContext(Communicator world, Settings settings, long seed, PhaseClock clock, int threads) {}
