package org.mlhpc.harness.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.mlhpc.harness.RunFiles;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.roofline.FileTree;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.pack.Qualification;
import org.mlhpc.slurm.campaign.Campaign;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignFile;

/**
 * Brings the finished runs of a campaign together in {@code OUT/results}, a folder for each size, and checks them. They are
 * copies, so that what was checked stays as it was; making them again replaces them.
 */
public final class Collector {
    /** Of the campaign's folder. */
    public static final String RESULTS = "results";

    private final Path campaign;
    private final RuleSet rules;

    public Collector(Path campaign, RuleSet rules) {
        this.campaign = campaign;
        this.rules = rules;
    }

    /**
     * Collects all sizes, in the campaign's order.
     *
     * @throws IOException if there is no campaign, or something cannot be read or written
     */
    public List<CollectedPoint> collect() throws IOException {
        Campaign asked = CampaignFile.read(campaign);
        var points = new ArrayList<CollectedPoint>();
        for (Point point : asked.points()) {
            points.add(collect(asked, point));
        }
        return points;
    }

    private CollectedPoint collect(Campaign asked, Point point) throws IOException {
        Path target = campaign.resolve(RESULTS).resolve(point.name());
        var finished = new ArrayList<RunFiles>();
        var open = new ArrayList<Integer>();
        for (int index = 0; index < asked.runs(); index++) {
            var run = new RunFiles(campaign.resolve(point.name()), index);
            if (Files.exists(run.log())) {
                finished.add(run);
            } else {
                open.add(index);
            }
        }
        replace(target, finished);
        var verdicts = new ArrayList<LogVerdict>();
        var checker = new LogChecker(rules, false);
        for (RunFiles run : finished) {
            verdicts.add(checker.check(new RunFiles(target, run.index()).log()));
        }
        Optional<String> obstacle = Qualification.obstacle(List.of(target), metric(asked), rules);
        return new CollectedPoint(point.name(), target, asked.runs(), verdicts, open, obstacle);
    }

    /** What the results of a campaign are for, in the words of submissions. */
    public static Metric metric(Campaign asked) {
        return switch (asked.metric()) {
            case TIME_TO_TRAIN -> Metric.TIME_TO_TRAIN;
            case THROUGHPUT -> Metric.THROUGHPUT;
        };
    }

    /** The folder appears whole; what was there before goes. Somebody else may collect at the same time, so temporary names are unique. */
    private static void replace(Path target, List<RunFiles> runs) throws IOException {
        Files.createDirectories(target.resolveSibling("."));
        String name = target.getFileName() + "." + UUID.randomUUID();
        Path partial = Files.createDirectory(target.resolveSibling(name + ".partial"));
        Path old = target.resolveSibling(name + ".old.partial");
        try {
            for (RunFiles run : runs) {
                var copy = new RunFiles(partial, run.index());
                copy(run.log(), copy.log());
                copy(run.record(), copy.record());
                copy(run.report(), copy.report());
            }
            if (Files.exists(target)) {
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileTree.delete(partial);
            FileTree.delete(old);
        }
    }

    /** A record that is missing is found missing by those who need it. */
    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
