package org.mlhpc.api;

/**
 * What a workload may know about the run.
 *
 * @param seed the one seed that all ranks share; initial weights, shuffling and dropout follow from it
 * @param clock told which phase of a step begins
 * @param threads compute threads this rank may use
 * @param readLimit asked before a file of samples is read
 */
public record RunContext(
        Communicator world, Settings settings, long seed, PhaseClock clock, int threads, ReadLimit readLimit) {
    /** Storage as fast as it is. */
    public RunContext(Communicator world, Settings settings, long seed, PhaseClock clock, int threads) {
        this(world, settings, seed, clock, threads, ReadLimit.none());
    }
}
