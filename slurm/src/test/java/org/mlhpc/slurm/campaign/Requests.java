package org.mlhpc.slurm.campaign;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.mlhpc.slurm.campaign.Campaign.Metric;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignRequest.Data;
import org.mlhpc.slurm.campaign.CampaignRequest.Limit;
import org.mlhpc.slurm.campaign.CampaignRequest.Packaging;
import org.mlhpc.slurm.campaign.CampaignRequest.Queueing;
import org.mlhpc.slurm.campaign.CampaignRequest.Training;
import org.mlhpc.slurm.site.SlurmTime;

/** Requests that differ in what a test is about. */
record Requests(
        Path out,
        Path home,
        List<String> arguments,
        Optional<String> stageTo,
        Data data,
        Queueing queueing,
        Optional<Packaging> packaging) {
    static final Data GENERATED = new Data(
            Optional.empty(), List.of("cosmoflow", "--config", "tiny"), Optional.empty(), OptionalLong.empty());

    /** Generated data, and nothing special. */
    static Requests in(Path out) {
        return new Requests(
                out,
                Path.of("/opt/mlhpc"),
                List.of("cosmoflow", "--config", "tiny"),
                Optional.empty(),
                GENERATED,
                Queueing.plain(),
                Optional.empty());
    }

    Requests with(Data other) {
        return new Requests(out, home, arguments, stageTo, other, queueing, packaging);
    }

    Requests with(Queueing other) {
        return new Requests(out, home, arguments, stageTo, data, other, packaging);
    }

    Requests with(Packaging other) {
        return new Requests(out, home, arguments, stageTo, data, queueing, Optional.of(other));
    }

    Requests withArguments(String... words) {
        return new Requests(out, home, List.of(words), stageTo, data, queueing, packaging);
    }

    Requests stagingTo(String folder) {
        return new Requests(out, home, arguments, Optional.of(folder), data, queueing, packaging);
    }

    Requests withHome(Path other) {
        return new Requests(out, other, arguments, stageTo, data, queueing, packaging);
    }

    CampaignRequest runs(int runs, Point... points) {
        return request(Metric.TIME_TO_TRAIN, runs, List.of(points));
    }

    CampaignRequest throughput(Point point) {
        return request(Metric.THROUGHPUT, point.instances(), List.of(point));
    }

    private CampaignRequest request(Metric metric, int runs, List<Point> points) {
        var limit = new Limit(SlurmTime.parse("--time", "1:30:00"), "The limit was given.");
        return new CampaignRequest(
                new Training("cosmoflow", "tiny", metric, "eval_error <= 0.124", arguments, stageTo),
                runs,
                points,
                points.stream().collect(Collectors.toMap(Point::name, point -> limit, (first, second) -> first)),
                data,
                queueing,
                packaging,
                out,
                home);
    }
}
