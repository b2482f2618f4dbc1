package org.mlhpc.slurm.status;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.slurm.status.Event.Kind;

/**
 * Where a run stands.
 *
 * @param why in words; empty if there is nothing to say
 */
public record RunState(Stage stage, String why) {
    /** In what stages a run can be. */
    public enum Stage {
        /** Not handed to Slurm. */
        UNSUBMITTED,
        /** Waits for its first start. */
        QUEUED,
        RUNNING,
        /** Was told to end and saves its state, or has ended while its job goes on. */
        STOPPING,
        /** Waits for a further start. */
        REQUEUED,
        /** Ended before it was finished and is not in the queue. */
        STOPPED,
        FAILED,
        FINISHED,
        /** The folder does not tell, and Slurm does not answer. */
        UNKNOWN;

        /** As tables show it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it goes on without anybody's help. */
        public boolean goesOn() {
            return switch (this) {
                case QUEUED, RUNNING, STOPPING, REQUEUED -> true;
                default -> false;
            };
        }
    }

    /**
     * The state of a run whose log is not finished.
     *
     * @param submitted whether its job was handed to Slurm
     * @param answers whether Slurm answers
     * @param job what Slurm says of its newest job
     * @param output what its newest job has printed; empty if it has not begun
     */
    public static RunState of(
            History history, boolean submitted, boolean answers, Optional<QueuedJob> job, Optional<Path> output) {
        Optional<Event> leftOut = job.flatMap(shared -> leftOut(history, shared));
        if (leftOut.isPresent()) {
            return new RunState(Stage.FAILED, said(leftOut.get()));
        }
        if (job.filter(QueuedJob::waits).isPresent()) {
            String ending = ending(history).map(text -> text + "; ").orElse("");
            return new RunState(
                    history.starts() > 0 ? Stage.REQUEUED : Stage.QUEUED,
                    ending + job.get().explained());
        }
        if (job.filter(QueuedJob::runs).isPresent()) {
            return underWay(history, job.get());
        }
        return ended(history, submitted, answers, job, output);
    }

    /** Why a run was given up in a job that goes on, or waits, for others that train beside it. Tasks of arrays are of one run each. */
    private static Optional<Event> leftOut(History history, QueuedJob job) {
        return job.id().contains("_") || !(job.waits() || job.runs())
                ? Optional.empty()
                : history.givenUp().filter(event -> event.job().equals(job.id()));
    }

    /** The job of a run may go on for others that train beside it. */
    private static RunState underWay(History history, QueuedJob job) {
        if (history.last().filter(event -> !isOfEarlierStart(event, job)).isEmpty()) {
            return new RunState(Stage.RUNNING, "about to start");
        }
        if (history.givenUp().isPresent()) {
            return new RunState(Stage.FAILED, said(history.givenUp().get()));
        }
        Optional<Event> told = history.last().filter(event -> event.kind() == Kind.SIGNAL);
        Optional<Event> ending = history.ending().or(() -> told);
        return ending.map(event -> new RunState(Stage.STOPPING, said(event)))
                .orElseGet(() -> new RunState(Stage.RUNNING, job.state().equals("RUNNING") ? "" : job.explained()));
    }

    /** Between the start of a job and the first event of a run its nodes are looked at. */
    private static boolean isOfEarlierStart(Event last, QueuedJob job) {
        return last.kind() == Kind.REQUEUED || !last.job().equals(job.id());
    }

    private static RunState ended(
            History history, boolean submitted, boolean answers, Optional<QueuedJob> job, Optional<Path> output) {
        Optional<Event> fault = history.givenUp();
        String slurm =
                job.map(QueuedJob::explained).map(text -> "Slurm: " + text).orElse("");
        if (fault.isPresent()) {
            return new RunState(Stage.FAILED, said(fault.get()));
        }
        if (history.events().isEmpty() && output.isPresent()) {
            return new RunState(
                    Stage.FAILED, joined("its job ended before the run was started: see " + output.get(), slurm));
        }
        if (history.events().isEmpty()) {
            return submitted
                    ? new RunState(
                            answers ? Stage.FAILED : Stage.UNKNOWN,
                            slurm.isEmpty() ? "its job never began" + gone(answers) : slurm)
                    : new RunState(Stage.UNSUBMITTED, "");
        }
        if (!answers && job.isEmpty()) {
            return new RunState(Stage.UNKNOWN, ending(history).orElse("started"));
        }
        return ending(history)
                .map(why -> new RunState(Stage.STOPPED, joined(why, slurm)))
                .orElseGet(() -> new RunState(
                        Stage.FAILED,
                        slurm.isEmpty()
                                ? "its job has gone without a word: a node failed, or somebody cancelled it"
                                : slurm));
    }

    /** Why the newest start ended; of one that saved its state also what told it to. */
    private static Optional<String> ending(History history) {
        return history.ending().map(event -> history.signal()
                .filter(told -> event.kind() == Kind.STOPPED)
                .map(told -> joined(said(told), said(event)))
                .orElse(said(event)));
    }

    private static String gone(boolean answers) {
        return answers
                ? " and is not in the queue: somebody cancelled it, or a job before it failed"
                : ", as far as the folder tells";
    }

    private static String joined(String first, String second) {
        return second.isEmpty() ? first : first + "; " + second;
    }

    private static String said(Event event) {
        return event.text().isEmpty() ? event.kind().word() : event.kind().word() + ": " + event.text();
    }
}
