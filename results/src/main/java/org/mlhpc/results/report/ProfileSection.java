package org.mlhpc.results.report;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.charts.Figure;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.StepModel;

/** The part of a run's report on phases and operators. */
final class ProfileSection {
    private static final String ABSENT = "–";
    private static final double MILLI = 1e3;
    private static final double GIGA = 1e-9;
    private static final double MEGA = 1e-6;
    private static final double PERCENT = 100;
    private static final List<String> PHASE_COLUMNS = List.of(
            "phase",
            "time",
            "median",
            "quartiles",
            "share",
            "GFLOP",
            "GFLOP/s",
            "bytes",
            "rate",
            "limit",
            "roof",
            "attained");
    /** What limits at the efficiencies of a fit. */
    static final String FITTED_LIMIT = "fitted limit";

    private static final List<String> FIT_COLUMNS = List.of(FITTED_LIMIT, "fitted time");
    /** Used up while the phase runs. */
    private static final Set<Resource> ON_THE_SPOT = Set.of(Resource.COMPUTE, Resource.MEMORY);

    private final RunRecord run;
    private final Profile profile;
    private final Optional<Roofs> roofs;
    private final String whyNoRoofs;
    private final Optional<ProfileFigures> figures;

    /** @param ceilings of the machine that the run ran on, if they were measured */
    ProfileSection(RunRecord run, Profile profile, Optional<Ceilings> ceilings) {
        this.run = run;
        this.profile = profile;
        Optional<Roofs> found = Optional.empty();
        String why = "How far below the machine's ceilings this is: ./mlhpc roofline measure --out machine.json, then"
                + " ./mlhpc report RUN.json --machine machine.json.";
        try {
            found = ceilings.map(known -> new Roofs(known, run, profile));
        } catch (IllegalArgumentException e) {
            why = "No roofs: " + e.getMessage() + ".";
        }
        this.roofs = found;
        this.whyNoRoofs = why;
        this.figures = roofs.map(known -> ProfileFigures.of(known, run, profile));
    }

    /** Of the profile against its roofs; none without them. */
    List<Figure> figures() {
        return figures.map(ProfileFigures::all).orElse(List.of());
    }

    void addTo(HtmlPage page) {
        page.heading(2, "Profile");
        page.paragraph(summary());
        page.paragraph(roofs.map(this::aboutRoofs).orElse(whyNoRoofs));
        List<String> doubts = roofs.map(known -> known.doubts(profile.phases())).orElse(List.of());
        if (!doubts.isEmpty()) {
            page.paragraph("What the fit cannot tell:").list(doubts);
        }
        page.heading(3, "Training steps");
        page.table(columns(), rows(phase -> phase.per().equals(Profile.STEP), profile.meanStepSeconds()));
        page.paragraph(
                "Times are means over the timed steps of rank 0; they add up to the mean step. FLOP and bytes are of all"
                        + " ranks. Memory traffic is what the shapes of the tensors demand, storage the length of the files that"
                        + " loaders read (most of it while the phases of other steps run), network the payload handed to"
                        + " all-reduces, of which backward hides a part.");
        figures.ifPresent(drawn -> drawn.steps().forEach(figure -> page.figure(figure.svg())));
        page.heading(3, "Rest of the run");
        page.table(columns(), rows(phase -> phase.per().equals(Profile.RUN), Double.NaN));
        counters(page);
        new OperatorTable(profile, roofs, figures.flatMap(ProfileFigures::operators)).addTo(page);
    }

    private List<String> columns() {
        var columns = new ArrayList<>(PHASE_COLUMNS);
        if (hasFit()) {
            columns.addAll(FIT_COLUMNS);
        }
        return columns;
    }

    private boolean hasFit() {
        return roofs.flatMap(Roofs::model).isPresent();
    }

    private String summary() {
        Spread step = profile.stepSeconds();
        return format(
                        "%d steps of %d samples timed: median %.4g ms (quartiles %.4g to %.4g ms) with %d x %d threads",
                        profile.steps(),
                        profile.samplesPerStep(),
                        step.median() * MILLI,
                        step.lowerQuartile() * MILLI,
                        step.upperQuartile() * MILLI,
                        profile.ranks(),
                        profile.threadsPerRank())
                + (profile.precision().isEmpty() ? "" : ", " + profile.precision())
                + profile.storageLimit()
                        .map(limit -> format(", loaders of a node held to %.4g MB/s", limit * MEGA))
                        .orElse("")
                + ".";
    }

    private List<List<String>> rows(Predicate<Profile.Phase> chosen, double whole) {
        return profile.phases().stream()
                .filter(chosen)
                .map(phase -> withRoof(phase, row(phase, whole)))
                .toList();
    }

    private List<String> withRoof(Profile.Phase phase, List<String> row) {
        Optional<Roofs.Bound> bound = roofs.flatMap(each -> each.of(phase));
        var cells = new ArrayList<>(row);
        cells.add(bound.map(b -> b.resource().word()).orElse(ABSENT));
        cells.add(bound.map(b -> milliseconds(b.seconds())).orElse(ABSENT));
        cells.add(bound.filter(b -> ON_THE_SPOT.contains(b.resource()) && phase.seconds() > 0)
                .map(b -> format("%.1f %%", PERCENT * b.seconds() / phase.seconds()))
                .orElse(ABSENT));
        if (hasFit()) {
            Optional<Roofs.Bound> fitted = roofs.flatMap(each -> each.fitted(phase));
            cells.add(fitted.map(b -> b.resource().word()).orElse(ABSENT));
            cells.add(fitted.map(b -> milliseconds(b.seconds())).orElse(ABSENT));
        }
        return cells;
    }

    private String aboutRoofs(Roofs known) {
        MeasuredMachine machine = known.machine();
        String warning = machine.cpu().equals(run.machine().cpu())
                ? ""
                : " Another processor than that of the run, " + run.machine().cpu() + ".";
        return format(
                        "Roofs: %s, %s, measured %s.%s Limit is the resource that needs the longest for the work at its ceiling,"
                                + " and the roof that time; attained is the roof by the time taken. Above 100 %% of memory, caches keep"
                                + " what the shapes demand. Files and messages move while other phases run, and have no attained"
                                + " share here. Phases that read have a limit if it is known what storage had to deliver.",
                        machine.host(), machine.cpu(), machine.measured().truncatedTo(ChronoUnit.SECONDS), warning)
                + known.model().map(ProfileSection::aboutFit).orElse("");
    }

    private static String aboutFit(StepModel model) {
        String efficiencies = model.efficiency().entrySet().stream()
                .map(each -> format("%s %.2g", each.getKey().word(), each.getValue()))
                .collect(Collectors.joining(", "));
        return " Fitted limit is the resource that needs the longest at the shares of the ceilings that training reaches ("
                + efficiencies + "), and fitted time that time.";
    }

    private static List<String> row(Profile.Phase phase, double whole) {
        double seconds = phase.seconds();
        Optional<Double> flop = phase.flop().filter(value -> value > 0);
        return List.of(
                phase.name().replace('_', ' '),
                milliseconds(seconds),
                phase.spread().map(s -> milliseconds(s.median())).orElse(ABSENT),
                phase.spread()
                        .map(s -> milliseconds(s.lowerQuartile()) + " to " + milliseconds(s.upperQuartile()))
                        .orElse(ABSENT),
                Double.isNaN(whole) ? ABSENT : format("%.1f %%", PERCENT * seconds / whole),
                flop.map(value -> format("%.4g", value * GIGA)).orElse(ABSENT),
                flop.filter(value -> seconds > 0)
                        .map(value -> format("%.4g", value / seconds * GIGA))
                        .orElse(ABSENT),
                byChannel(phase.bytes(), 1, "MB"),
                // Other channels' bytes move while other phases run, and seconds are what was waited for the rest.
                seconds > 0 ? byChannel(memoryAlone(phase.bytes()), seconds, "MB/s") : ABSENT);
    }

    private static Map<Channel, Double> memoryAlone(Map<Channel, Double> bytes) {
        return bytes.entrySet().stream()
                .filter(entry -> entry.getKey() == Channel.MEMORY)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String byChannel(Map<Channel, Double> bytes, double per, String unit) {
        return bytes.isEmpty()
                ? ABSENT
                : bytes.entrySet().stream()
                        .map(entry -> format(
                                "%s %.4g %s",
                                entry.getKey().name().toLowerCase(Locale.ROOT), entry.getValue() / per * MEGA, unit))
                        .collect(Collectors.joining(", "));
    }

    private void counters(HtmlPage page) {
        if (profile.counted().isEmpty()) {
            return;
        }
        page.heading(3, "Counters");
        page.table(
                List.of("measured by", "of", "covers", "amount"),
                profile.counted().stream()
                        .map(counted -> List.of(
                                counted.source(),
                                counted.quantity(),
                                counted.scope(),
                                format("%.4g %s", counted.amount(), counted.unit())))
                        .toList());
        profile.countingShare()
                .ifPresent(share -> page.paragraph(format(
                        "From before the first epoch until after the last. Counting took %.4f %% of that time.",
                        PERCENT * share)));
        profile.countingWarning().ifPresent(warning -> page.markedParagraph("missed", warning));
    }

    private static String milliseconds(double seconds) {
        return format("%.4g ms", seconds * MILLI);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
