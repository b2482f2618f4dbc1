package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.util.List;
import org.mlhpc.api.FileErrors;
import org.mlhpc.roofline.Resource;

/**
 * One measurement.
 *
 * @param what it measures, as ceilings and missing ones are named
 * @param label what is measured, such as {@code L2 triad, 2 threads}
 */
public record Step(String what, String label, Action action) {
    Step(Resource resource, String label, Action action) {
        this(resource.word() + " " + label, label, action);
    }

    /** Of something else than a resource of the node. */
    Step(String label, Action action) {
        this(label, label, action);
    }

    /** {@code 1 thread} or {@code 2 threads}. */
    static String threads(int number) {
        return number + (number == 1 ? " thread" : " threads");
    }

    /**
     * This step, of one process: what the engine or a device throws ends it alone. Between ranks it must end the job, since the
     * others go on waiting.
     */
    Step alone() {
        return new Step(what, label, findings -> {
            try {
                action.run(findings);
            } catch (RuntimeException e) {
                throw new IOException(FileErrors.message(e), e);
            }
        });
    }

    /** Measures, and records what it found or why it found nothing. */
    @FunctionalInterface
    public interface Action {
        void run(Findings findings) throws IOException;
    }

    /** Told before each step. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param number of the step, from 1
         * @param secondsLeft by the mean length of the steps so far; NaN before the first has ended
         */
        void step(String label, int number, int steps, double secondsLeft);
    }

    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    /** Runs the steps in order; of those that fail, {@code findings} has the reason. */
    public static void runAll(List<Step> steps, Findings findings, Listener listener) {
        long begin = System.nanoTime();
        for (int i = 0; i < steps.size(); i++) {
            double elapsed = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
            double left = i == 0 ? Double.NaN : elapsed / i * (steps.size() - i);
            listener.step(steps.get(i).label(), i + 1, steps.size(), left);
            run(steps.get(i), findings);
        }
    }

    /** One step that fails must not take with it what the others have found. */
    private static void run(Step step, Findings findings) {
        try {
            step.action().run(findings);
        } catch (IOException e) {
            findings.failed(step, FileErrors.message(e));
        }
    }
}
