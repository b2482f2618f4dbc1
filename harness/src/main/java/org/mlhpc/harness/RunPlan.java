package org.mlhpc.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.results.report.Ceilings;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.staging.StagingRequest;

/**
 * What one run is asked to do.
 *
 * @param index number of the run in its campaign, from 0
 * @param synthetic whether the data were generated rather than the published set
 * @param staging how the data come to the nodes
 * @param maxSteps training steps after which to stop; 0 for no limit
 * @param resume go on from the last checkpoint, if there is one
 * @param initialWeights Safetensors file to start from
 * @param dropCaches try to drop the page cache before the run
 * @param threads compute threads of each rank
 * @param watchdogMinutes after which a run that does not get on is ended; 0: never
 * @param measuring what is measured beside an ordinary run, and under which limit
 * @param command the command line, for the record
 */
public record RunPlan(
        Workload<?> workload,
        String configuration,
        Settings settings,
        long seed,
        int index,
        Path out,
        Path data,
        boolean synthetic,
        StagingRequest staging,
        long maxSteps,
        boolean resume,
        Optional<Path> initialWeights,
        boolean dropCaches,
        int threads,
        double watchdogMinutes,
        Measuring measuring,
        Submission submission,
        List<String> command) {
    /** The division whose rules fix model, data and most settings. */
    public static final String CLOSED = "closed";

    private static final String OPEN = "open";

    /**
     * What is measured beside an ordinary run.
     *
     * @param profile whether to profile steps and operators
     * @param storageLimit bytes per second that the loaders of a node together may read; empty without limit
     * @param ceilings of the machine that the run takes place on, for the report of the profile, which rank 0 writes; empty on
     *     other ranks and if they were not measured
     */
    public record Measuring(boolean profile, Optional<Double> storageLimit, Optional<Ceilings> ceilings) {
        public Measuring {
            if (storageLimit.isPresent() && !(storageLimit.get() > 0)) {
                throw new IllegalArgumentException("--limit-storage must be positive");
            }
        }

        /** An ordinary run. */
        public static Measuring nothing() {
            return new Measuring(false, Optional.empty(), Optional.empty());
        }
    }

    /**
     * Who submits what; see the keys {@code submission_*} of the log.
     *
     * @param division closed or open; empty: closed where the rules allow it
     * @param ruleset rules that the log is held to
     */
    public record Submission(String org, String platform, String status, String division, String ruleset) {
        /** The value of fields that nobody gave. */
        public static final String UNKNOWN = "unknown";

        public Submission {
            if (!List.of("", CLOSED, OPEN).contains(division)) {
                throw new IllegalArgumentException("--division " + division + " is neither closed nor open");
            }
        }

        /** @throws RefusedByAll if the closed division is asked for and there are reasons against it, which all ranks know */
        void requireNotClosed(List<String> reasons) {
            if (division.equals(CLOSED) && !reasons.isEmpty()) {
                throw new RefusedByAll("--division closed is not possible: " + String.join("; ", reasons));
            }
        }

        /** In whatever division is possible, under the newest rules. */
        public Submission(String org, String platform, String status) {
            this(org, platform, status, "", RuleSet.newest());
        }

        /** Whether somebody said who submits, or where. */
        boolean isMeant() {
            return !division.isEmpty() || !org.equals(UNKNOWN) || !platform.equals(UNKNOWN);
        }
    }

    RunFiles files() {
        return new RunFiles(out, index);
    }

    /** Why the closed division does not allow these settings and data; empty if it does. */
    public List<String> unclosed() {
        var reasons = new ArrayList<>(workload.spec(settings).unclosed());
        if (synthetic) {
            reasons.add("the data are synthetic: give the published ones with --data");
        }
        return reasons;
    }

    /**
     * The same run in the open division.
     *
     * @param reasons why it cannot be in the closed one
     * @throws RefusedByAll if the closed division is asked for
     */
    public RunPlan inOpenDivision(List<String> reasons) {
        submission.requireNotClosed(reasons);
        return new RunPlan(
                workload,
                configuration,
                settings,
                seed,
                index,
                out,
                data,
                synthetic,
                staging,
                maxSteps,
                resume,
                initialWeights,
                dropCaches,
                threads,
                watchdogMinutes,
                measuring,
                new Submission(submission.org, submission.platform, submission.status, OPEN, submission.ruleset),
                command);
    }

    /** Closed only if the rules allow these settings and the data are the published ones. */
    public String division() {
        return !submission.division().isEmpty()
                ? submission.division()
                : unclosed().isEmpty() ? CLOSED : OPEN;
    }

    /** The fields of the log that say who submits what. */
    Map<String, String> submissionFields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("submission_benchmark", workload.name());
        fields.put("submission_org", submission.org());
        fields.put("submission_division", division());
        fields.put("submission_status", submission.status());
        fields.put("submission_platform", submission.platform());
        return fields;
    }
}
