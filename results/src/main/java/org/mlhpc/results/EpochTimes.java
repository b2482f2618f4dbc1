package org.mlhpc.results;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.mlhpc.results.mllog.MlLogEvent;

/**
 * Parts epochs into training and evaluation, from the events that begin and end them. Training of an epoch lasts from its
 * beginning to its evaluation, or to its end if the evaluation follows; what is between the evaluation and the end of the
 * epoch (checkpoints, callbacks) is neither. Logs that evaluate at other times than once an epoch (DeepCAM of v0.7) train in
 * all of the epoch that is no evaluation. Where an evaluation runs beside the training of a later epoch (OpenFold), the two
 * have no times of their own. Training does not last while a run is interrupted.
 */
final class EpochTimes {
    private static final String RESUMED = "run_resumed";
    private static final Set<String> KEYS = Set.of("epoch_start", "epoch_stop", "eval_start", "eval_stop", RESUMED);
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double MILLIS_PER_MINUTE = 60_000;

    private final List<Event> events = new ArrayList<>();

    /**
     * What counts here.
     *
     * @param epoch epoch_num; NaN if there is none
     * @param pauseMillis for which the run had been interrupted
     */
    private record Event(String key, double millis, double epoch, double pauseMillis) {}

    /** An epoch as the events tell it; times in milliseconds, NaN until they are known. */
    private static final class Span {
        private final double number;
        private final double start;
        private double stop = Double.NaN;
        private double evaluationStart = Double.NaN;
        private double evaluationWithin;
        private double evaluation;
        private double pause;
        private int evaluations;

        Span(double number, double start) {
            this.number = number;
            this.start = start;
        }

        double upToEvaluation() {
            return (Double.isNaN(evaluationStart) ? stop : evaluationStart) - start - pause;
        }

        double withoutEvaluation() {
            return stop - start - evaluationWithin - pause;
        }
    }

    void see(MlLogEvent event) {
        if (KEYS.contains(event.key())) {
            double epoch = event.metadata().path("epoch_num").asDouble(Double.NaN);
            double pause = event.value().path("seconds").asDouble(0) * MILLIS_PER_SECOND;
            events.add(new Event(event.key(), event.timeMillis(), epoch, pause));
        }
    }

    /** The epochs up to {@code stopMillis}. */
    List<RunResult.Epoch> upTo(double stopMillis) {
        var walk = new Walk();
        events.stream().filter(event -> event.millis <= stopMillis).forEach(walk::see);
        return walk.epochs();
    }

    private static final class Walk {
        private final List<Span> spans = new ArrayList<>();
        private double evaluationStart = Double.NaN;
        private boolean evaluationWithin;
        private boolean overlapping;
        private int evaluations;
        private boolean open;

        void see(Event event) {
            switch (event.key) {
                case "epoch_start" -> startEpoch(event);
                case "epoch_stop" -> stopEpoch(event);
                case "eval_start" -> startEvaluation(event);
                case RESUMED -> resume(event);
                default -> stopEvaluation(event);
            }
        }

        private Span last() {
            return spans.get(spans.size() - 1);
        }

        private void startEpoch(Event event) {
            overlapping |= !Double.isNaN(evaluationStart);
            spans.add(new Span(event.epoch, event.millis));
            open = true;
        }

        private void stopEpoch(Event event) {
            if (open) {
                overlapping |= evaluationWithin && !Double.isNaN(evaluationStart);
                last().stop = event.millis;
                open = false;
            }
        }

        /** Between epochs nothing is trained anyway. */
        private void resume(Event event) {
            if (open) {
                last().pause += event.pauseMillis;
            }
        }

        private void startEvaluation(Event event) {
            evaluationStart = event.millis;
            evaluationWithin = open;
            if (open) {
                overlapping |= event.epoch < last().number;
                if (Double.isNaN(last().evaluationStart)) {
                    last().evaluationStart = event.millis;
                }
            }
        }

        private void stopEvaluation(Event event) {
            if (Double.isNaN(evaluationStart) || spans.isEmpty()) {
                return;
            }
            double millis = event.millis - evaluationStart;
            last().evaluation += millis;
            last().evaluationWithin += evaluationWithin ? millis : 0;
            last().evaluations++;
            evaluations++;
            evaluationStart = Double.NaN;
        }

        List<RunResult.Epoch> epochs() {
            boolean oncePerEpoch =
                    Math.abs(evaluations - spans.size()) <= 1 && spans.stream().allMatch(span -> span.evaluations <= 1);
            return spans.stream().map(span -> epoch(span, oncePerEpoch)).toList();
        }

        private RunResult.Epoch epoch(Span span, boolean oncePerEpoch) {
            double training = oncePerEpoch ? span.upToEvaluation() : span.withoutEvaluation();
            return overlapping || Double.isNaN(training)
                    ? new RunResult.Epoch(span.number, OptionalDouble.empty(), OptionalDouble.empty())
                    : new RunResult.Epoch(
                            span.number,
                            OptionalDouble.of(training / MILLIS_PER_MINUTE),
                            OptionalDouble.of(span.evaluation / MILLIS_PER_MINUTE));
        }
    }
}
