package org.mlhpc.harness.campaign;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mlhpc.rules.LogVerdict;

/**
 * The finished runs of one size.
 *
 * @param folder that they were copied to
 * @param asked runs that the campaign asks for
 * @param verdicts one for each finished run, in their order
 * @param open indices of the runs that are not finished
 * @param obstacle why they cannot be submitted, and what to do; empty if they can
 */
public record CollectedPoint(
        String name, Path folder, int asked, List<LogVerdict> verdicts, List<Integer> open, Optional<String> obstacle) {
    public CollectedPoint {
        verdicts = List.copyOf(verdicts);
        open = List.copyOf(open);
    }

    /** Whether nothing is missing and every log passes. */
    public boolean complete() {
        return open.isEmpty() && obstacle.isEmpty() && verdicts.stream().allMatch(LogVerdict::passed);
    }

    /** Logs that break no rule. */
    public long passing() {
        return verdicts.stream().filter(LogVerdict::passed).count();
    }
}
