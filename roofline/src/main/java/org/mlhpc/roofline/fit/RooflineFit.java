package org.mlhpc.roofline.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.mlhpc.roofline.Quantile;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.Solver.Solution;

/**
 * A fitted model of step times.
 *
 * @param parameters by name: {@code efficiency_<resource>}, {@link #OVERHEAD}, {@link #SERIAL}
 * @param residuals by observation, in their order
 * @param doubts what the data cannot tell
 * @param draws models as other data of the same kind would have given them; the spread of predictions follows from them
 * @param confidence of the intervals
 */
public record RooflineFit(
        StepModel model,
        Map<String, Parameter> parameters,
        List<Residual> residuals,
        List<Doubt> doubts,
        List<StepModel> draws,
        double confidence) {
    public static final String OVERHEAD = "overhead_seconds";
    public static final String SERIAL = "serial";

    /**
     * How to fit.
     *
     * @param draws bootstrap repetitions
     * @param confidence of the intervals, such as 0.95
     * @param seed of random starts and draws
     */
    public record Options(int draws, double confidence, long seed) {
        public static final Options DEFAULT = new Options(400, 0.95, 1);
    }

    /** A parameter with its interval. */
    public record Parameter(double value, double low, double high) {}

    /**
     * One observation against the fit.
     *
     * @param aloneSeconds that each resource would need for its work by itself
     * @param binding the resource that needs longest
     */
    public record Residual(
            String label,
            double measuredSeconds,
            double fittedSeconds,
            Map<Resource, Double> aloneSeconds,
            Resource binding) {
        static Residual of(Observation observation, StepModel model) {
            return new Residual(
                    observation.label(),
                    observation.seconds(),
                    model.seconds(observation.ideal()),
                    model.alone(observation.ideal()),
                    model.binding(observation.ideal()));
        }

        /** {@link StepModel#limit} of this run, by the fitted {@code model}. */
        public String limit(StepModel model) {
            return model.limit(fittedSeconds, binding);
        }

        /** Positive if the fit is too slow. */
        public double relativeError() {
            return fittedSeconds / measuredSeconds - 1;
        }

        /** Of the logarithm, which is what a fit makes small. */
        public double logError() {
            return Math.log(fittedSeconds / measuredSeconds);
        }
    }

    public RooflineFit {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        residuals = List.copyOf(residuals);
        doubts = List.copyOf(doubts);
        draws = List.copyOf(draws);
    }

    /** The same fit with {@code further} doubts. */
    public RooflineFit doubting(List<Doubt> further) {
        var all = new ArrayList<>(doubts);
        all.addAll(further);
        return new RooflineFit(model, parameters, residuals, all, draws, confidence);
    }

    /** The upper end of its interval, in seconds. */
    public double greatestOverhead() {
        Parameter overhead = parameters.get(OVERHEAD);
        return overhead == null ? model.overheadSeconds() : Math.max(model.overheadSeconds(), overhead.high());
    }

    /** All doubts in words. */
    public List<String> warnings() {
        return doubts.stream().map(Doubt::text).toList();
    }

    static String efficiencyName(Resource resource) {
        return "efficiency_" + resource.word();
    }

    /**
     * Fits a model to {@code observations}.
     *
     * @throws IllegalArgumentException if there are not more observations than parameters
     */
    public static RooflineFit of(List<Observation> observations, Options options) {
        ParameterSpace space = ParameterSpace.of(observations);
        if (observations.size() <= space.size()) {
            throw new IllegalArgumentException(observations.size() + " observations cannot tell " + space.size()
                    + " parameters (" + String.join(", ", space.names()) + "): at least " + (space.size() + 1)
                    + " runs of different settings are needed");
        }
        return new Fitting(space, observations, options).fit();
    }

    /** The model alone, without intervals; empty if no search for it succeeds. */
    static Optional<StepModel> modelOf(List<Observation> observations, long seed) {
        ParameterSpace space = ParameterSpace.of(observations);
        return new Solver(space, observations)
                .find(Fitting.logarithms(observations), space.starts(Fitting.STARTS, new Random(seed)))
                .map(best -> space.model(space.bounded(best.free())));
    }

    /** Standard deviation of logarithms of measured times around the fit. */
    public double scatter() {
        double squares = residuals.stream()
                .mapToDouble(each -> Math.pow(each.logError(), 2))
                .sum();
        return Math.sqrt(squares / Math.max(1, residuals.size() - parameters.size()));
    }

    /** One fit under way. */
    private static final class Fitting {
        static final int STARTS = 8;

        private final ParameterSpace space;
        private final List<Observation> observations;
        private final Options options;
        private final Solver solver;

        Fitting(ParameterSpace space, List<Observation> observations, Options options) {
            this.space = space;
            this.observations = observations;
            this.options = options;
            this.solver = new Solver(space, observations);
        }

        static double[] logarithms(List<Observation> observations) {
            return observations.stream()
                    .mapToDouble(each -> Math.log(each.seconds()))
                    .toArray();
        }

        RooflineFit fit() {
            var random = new Random(options.seed);
            double[] measured = logarithms(observations);
            Solution best = solver.solve(measured, space.starts(STARTS, random));
            double[] values = space.bounded(best.free());
            var times = new LogTimes(space, observations);
            double[] fitted =
                    times.value(new ArrayRealVector(best.free())).getFirst().toArray();
            var starts = new ArrayList<double[]>(space.starts(2, random));
            starts.add(0, best.free());
            List<double[]> draws = new Bootstrap(
                            solver, fitted, measured, space.size(), options.confidence, options.seed)
                    .draw(options.draws, starts).stream().map(space::bounded).toList();
            var identifiability = new Identifiability(space, times.sensitivities(values), values, best.squares());
            var doubts = new ArrayList<Doubt>(identifiability.doubts());
            double[][] ends = ends(draws);
            doubts.addAll(new OpenIntervals(space, ends[0], ends[1]).doubts(values));
            double[] believed = believed(values, identifiability.unbelievable());
            StepModel model = space.model(believed);
            return new RooflineFit(
                    model,
                    parameters(believed, ends),
                    residuals(model),
                    doubts,
                    draws.stream().map(space::model).toList(),
                    options.confidence);
        }

        /** The best parameters with efficiencies of {@code unbelievable} resources up to the ceiling. */
        private double[] believed(double[] values, Set<Resource> unbelievable) {
            if (unbelievable.isEmpty()) {
                return values;
            }
            ParameterSpace capped = space.upToCeiling(unbelievable);
            var starts = new ArrayList<double[]>(capped.starts(STARTS, new Random(options.seed)));
            starts.add(0, capped.free(values));
            return capped.bounded(new Solver(capped, observations)
                    .solve(logarithms(observations), starts)
                    .free());
        }

        private Map<String, Parameter> parameters(double[] values, double[][] ends) {
            var parameters = new LinkedHashMap<String, Parameter>();
            List<String> names = space.names();
            for (int i = 0; i < names.size(); i++) {
                double[] all = {values[i], ends[0][i], ends[1][i]};
                double[] shown = i < space.resources().size()
                        ? Arrays.stream(all).map(Math::exp).toArray()
                        : all;
                parameters.put(names.get(i), new Parameter(shown[0], shown[1], shown[2]));
            }
            return parameters;
        }

        /** Lower and upper ends of the intervals, by parameter. */
        private double[][] ends(List<double[]> draws) {
            double[][] ends = new double[2][space.size()];
            for (int i = 0; i < space.size(); i++) {
                int index = i;
                double[] both = Quantile.middle(
                        draws.stream().mapToDouble(draw -> draw[index]).toArray(), options.confidence);
                ends[0][i] = both[0];
                ends[1][i] = both[1];
            }
            return ends;
        }

        private List<Residual> residuals(StepModel model) {
            return observations.stream().map(each -> Residual.of(each, model)).toList();
        }
    }
}
