package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mlhpc.harness.projection.Scale;
import org.mlhpc.roofline.predict.Estimate;
import org.mlhpc.roofline.predict.Projection;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignRequest.Limit;
import org.mlhpc.slurm.site.Site;
import org.mlhpc.slurm.site.SlurmTime;
import picocli.CommandLine.Option;

/** How long the jobs may take. */
final class SlurmTimeOptions {
    private static final String DEFAULT = "2:00:00";
    /** Allocation, preflight, loading classes and libraries, first steps. */
    private static final Duration START = Duration.ofMinutes(5);
    /** What a job needs at the very least before it may be told to end. */
    private static final Duration LEAST = Duration.ofMinutes(1);
    /** What runs scatter and machines slow down beyond the interval. */
    private static final double MARGIN = 1.2;

    @Option(
            names = "--time",
            paramLabel = "LIMIT",
            description = "Time limit of a job; what --fit predicts, or default: " + DEFAULT + ".")
    private @Nullable String time;

    @Option(
            names = "--fit",
            paramLabel = "FILE",
            description = "From ./mlhpc roofline fit: the limits follow from the predicted time to train.")
    private @Nullable Path fit;

    @Option(
            names = "--machine",
            paramLabel = "FILE",
            description =
                    "With --fit: ceilings of each node, from ./mlhpc roofline measure; default: the machine of the fit.")
    private @Nullable Path machine;

    /**
     * The limits of the sizes by their names.
     *
     * @throws IOException if fit or machine cannot be read
     * @throws IllegalArgumentException if the limit is not a time, above the site's, or nothing can be predicted
     */
    Map<String, Limit> limits(SlurmTrainingOptions training, List<Point> points, Site site) throws IOException {
        if (machine != null && fit == null) {
            throw new IllegalArgumentException("--machine is for a prediction: add --fit");
        }
        var limits = new LinkedHashMap<String, Limit>();
        if (time == null && fit != null) {
            predict(fit, training, points, site)
                    .forEach((name, projection) -> limits.put(name, limit(projection, site)));
            limits.values().forEach(limit -> requireTimeToTrain(limit.time(), site));
            return limits;
        }
        Limit limit = time == null ? byDefault(site) : given(time, site);
        requireTimeToTrain(limit.time(), site);
        points.forEach(point -> limits.put(point.name(), limit));
        return limits;
    }

    private static Limit given(String text, Site site) {
        SlurmTime limit = SlurmTime.parse("--time", text);
        if (site.timeLimit().isPresent() && limit.compareTo(site.timeLimit().get()) > 0) {
            throw new IllegalArgumentException("--time=" + text + " is above the time-limit of the site, "
                    + site.timeLimit().get() + "; what a job does not finish it goes on with after it is requeued");
        }
        return new Limit(limit, "The limit was given.");
    }

    /** A job that is told to end when it begins would do nothing but go back to the queue. */
    private static void requireTimeToTrain(SlurmTime limit, Site site) {
        Duration least = Duration.ofSeconds(site.signalSeconds()).plus(LEAST);
        if (limit.duration().compareTo(least) < 0) {
            throw new IllegalArgumentException("--time=" + limit + " leaves no time to train: with signal-seconds="
                    + site.signalSeconds() + " of the site it must be at least " + least.toSeconds() + " s");
        }
    }

    private static Limit byDefault(Site site) {
        SlurmTime limit = SlurmTime.parse("--time", DEFAULT);
        return new Limit(site.timeLimit().map(limit::atMost).orElse(limit), "The limit is the default.");
    }

    private Map<String, Projection> predict(Path file, SlurmTrainingOptions training, List<Point> points, Site site)
            throws IOException {
        var projections = new LinkedHashMap<String, Projection>();
        for (Point point : points) {
            var options = PredictionOptions.of(
                    file,
                    Optional.ofNullable(machine),
                    point.nodes(),
                    point.ranksPerNode(),
                    training.batch(),
                    site.node().coresPerRank(point.ranksPerNode()),
                    new HashMap<>(training.settings().asMap()));
            PredictionOptions.Predictions predictions = options.predict();
            if (!predictions.runs().workload().equals(training.workload().name())) {
                throw new IllegalArgumentException(
                        file + " is fitted to runs of " + predictions.runs().workload());
            }
            projections.put(point.name(), projection(predictions.scales().get(0)));
        }
        return projections;
    }

    private static Projection projection(Scale scale) {
        return scale.projection().orElseThrow(() -> new IllegalArgumentException(scale.obstacle()));
    }

    private static Limit limit(Projection projection, Site site) {
        Estimate train = projection
                .trainSeconds()
                .orElseThrow(() -> new IllegalArgumentException("the fit does not say how long training takes until the"
                        + " target, since no run like its largest one reached it: say --time"));
        double seconds = MARGIN * (train.high() + START.toSeconds()) + site.signalSeconds();
        var wanted = new SlurmTime(Duration.ofMinutes((long) Math.ceil(seconds / 60)));
        String why = String.format(
                Locale.ROOT,
                "The limit is %.1f times the predicted time to train with staging (at most %.0f s, expected %.0f s) and %.0f s to"
                        + "\n# start, and %d s to save the state.",
                MARGIN,
                train.high(),
                train.value(),
                (double) START.toSeconds(),
                site.signalSeconds());
        if (site.timeLimit().isPresent() && wanted.compareTo(site.timeLimit().get()) > 0) {
            return new Limit(
                    site.timeLimit().get(),
                    why + " That is " + wanted + ", more than the site's "
                            + site.timeLimit().get()
                            + ":\n# a job that does not finish saves its state, is requeued and goes on.");
        }
        return new Limit(wanted, why);
    }
}
