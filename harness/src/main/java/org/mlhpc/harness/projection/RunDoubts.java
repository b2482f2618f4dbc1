package org.mlhpc.harness.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.CrossValidation;
import org.mlhpc.roofline.fit.Doubt;
import org.mlhpc.roofline.fit.Observation;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.predict.Cluster;

/** What speaks against believing a fit to {@code runs}, whatever its numbers. */
record RunDoubts(List<ProfiledRun> runs) {
    /** From this on resources wait for each other more than they overlap. */
    private static final double MOSTLY_SERIAL = 0.5;
    /** Of a step, from which on reading at the ceiling tells of a device. */
    private static final double RELEVANT_SHARE = 0.1;

    private static final String REPEAT =
            "repeat them on a quiet machine (of a sweep: remove their folders, and call it again)";
    private static final double MILLISECONDS_PER_SECOND = 1e3;

    /**
     * In the order of their weight.
     *
     * @param observations of the runs, in their order
     * @param heldOut the runs as the others predict them
     * @param serial of the fit to them
     * @param cores of the machine
     */
    List<Doubt> all(List<Observation> observations, CrossValidation heldOut, double serial, int cores) {
        var doubts = new ArrayList<Doubt>();
        disturbed().ifPresent(doubts::add);
        farTooSlow(heldOut).ifPresent(doubts::add);
        unknownReads().ifPresent(doubts::add);
        limitedReads(observations).ifPresent(doubts::add);
        countedTwice(observations, serial, cores).ifPresent(doubts::add);
        return doubts;
    }

    /** A fit believes every run, also those beside which others computed. */
    private Optional<Doubt> disturbed() {
        List<String> uneven = labels(ProfiledRun::isUneven);
        return uneven.isEmpty()
                ? Optional.empty()
                : Optional.of(Doubt.about(
                        Set.of(),
                        "steps of uneven length, as beside other work, in " + uneven.size() + " of " + runs.size()
                                + " runs; " + REPEAT + ": " + String.join("; ", uneven)));
    }

    /** Steps that other work slows down alike are even, so that only a prediction from other settings tells. */
    private Optional<Doubt> farTooSlow(CrossValidation heldOut) {
        List<RooflineFit.Residual> slow = heldOut.farTooSlow();
        String words = slow.stream()
                .map(run -> String.format(
                        Locale.ROOT,
                        "%s, %.4g ms instead of %.4g ms (%s)",
                        run.label(),
                        MILLISECONDS_PER_SECOND * run.measuredSeconds(),
                        MILLISECONDS_PER_SECOND * run.fittedSeconds(),
                        file(run.label())))
                .collect(Collectors.joining("; "));
        return slow.isEmpty()
                ? Optional.empty()
                : Optional.of(Doubt.about(
                        Set.of(),
                        slow.size() + " of " + heldOut.heldOut().size()
                                + " runs took far longer than predicted from other settings; " + REPEAT
                                + ", and believe those that are as slow again: " + words));
    }

    /** Then waiting for storage is in all other parameters, or looks like decoding. */
    private Optional<Doubt> unknownReads() {
        int unknown = labels(ProfiledRun::hasUnknownReads).size();
        return unknown == 0
                ? Optional.empty()
                : Optional.of(Doubt.about(
                        Set.of(),
                        "reads of " + unknown + " of " + runs.size()
                                + " runs unknown, as on network file systems, and counted"
                                + " as from the page cache: what they waited for storage is taken for something else"));
    }

    /** Some bytes from a device tell no more of it than none, unless reading them takes its time. */
    private Optional<Doubt> limitedReads(List<Observation> observations) {
        boolean limited = false;
        boolean device = false;
        for (int run = 0; run < runs.size(); run++) {
            Observation observation = observations.get(run);
            double reading = observation.ideal().getOrDefault(Resource.STORAGE, 0.0);
            boolean held = runs.get(run).profile().storageLimit().isPresent();
            limited |= held && reading > 0;
            device |= !held && reading >= RELEVANT_SHARE * observation.seconds();
        }
        return device || !limited
                ? Optional.empty()
                : Optional.of(Doubt.about(
                        Set.of(Resource.STORAGE),
                        "efficiency_storage comes from --limit-storage alone, and says little of a device: add runs that"
                                + " read past the page cache"));
    }

    /** What loaders take from busy cores is in compute, and they are a resource too: right where both overlap. */
    private Optional<Doubt> countedTwice(List<Observation> observations, double serial, int cores) {
        boolean busy = IntStream.range(0, runs.size())
                .anyMatch(run -> observations.get(run).ideal().containsKey(Resource.LOADER)
                        && runs.get(run).layout().threadsPerNode() >= cores);
        return !busy || serial <= MOSTLY_SERIAL
                ? Optional.empty()
                : Optional.of(Doubt.about(
                        Set.of(Resource.LOADER),
                        String.format(
                                Locale.ROOT,
                                "serial is %.2f, so that decoding on cores that compute counts more than once, up to %.2f times:"
                                        + " expect steps that decoding limits to be shorter",
                                serial,
                                1 + Cluster.LOST_TO_LOADER)));
    }

    /** Labels are of one run each. */
    private String file(String label) {
        return runs.stream()
                .filter(run -> run.label().equals(label))
                .map(run -> run.file().toString())
                .collect(Collectors.joining(", "));
    }

    private List<String> labels(Predicate<ProfiledRun> kind) {
        return runs.stream().filter(kind).map(ProfiledRun::label).toList();
    }
}
