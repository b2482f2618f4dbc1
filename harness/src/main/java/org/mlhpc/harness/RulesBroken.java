package org.mlhpc.harness;

import java.util.List;
import java.util.stream.Collectors;
import org.mlhpc.rules.Violation;

/** A run that cannot be submitted as it was asked for, found before time is spent on it. */
public final class RulesBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    RulesBroken(String ruleset, List<Violation> errors) {
        super("the run would break rules of " + ruleset + ", so it ends before training:\n"
                + errors.stream().map(RulesBroken::line).distinct().collect(Collectors.joining("\n"))
                + "\nwith --division open, what the closed division alone fixes may differ");
    }

    private static String line(Violation violation) {
        return "  " + violation.rule() + ": found " + violation.found() + ", allowed " + violation.allowed() + "; "
                + violation.change();
    }
}
