package org.mlhpc.harness.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.predict.DataSet;
import org.mlhpc.roofline.predict.FittedRuns;

/** Where a prediction is for something else than the fitted runs: what follows for its data, and what a reader must know. */
public final class Assumptions {
    private final FittedRuns runs;
    private final Workload<?> workload;
    private final Settings fitted;
    private final Settings predicted;

    /**
     * Compares.
     *
     * @param predicted settings of the prediction
     */
    public Assumptions(FittedRuns runs, Workload<?> workload, Settings predicted) {
        this.runs = runs;
        this.workload = workload;
        this.fitted = workload.settings(runs.configuration()).with(runs.settings());
        this.predicted = predicted;
    }

    /** {@code data} with samples as long as the settings make them; as they were, if the workload does not tell. */
    public DataSet scaled(DataSet data) {
        OptionalLong before = workload.sampleBytes(fitted);
        OptionalLong now = workload.sampleBytes(predicted);
        return before.isEmpty() || now.isEmpty()
                ? data
                : new DataSet(
                        data.trainSamples(),
                        data.evalSamples(),
                        data.bytesPerSample() * now.getAsLong() / before.getAsLong());
    }

    /**
     * In words, for each prediction.
     *
     * @param machine of the prediction
     * @param converged whether it says how long training takes until the target, by the samples that runs needed
     * @param data of the prediction
     */
    public List<String> inWords(MeasuredMachine machine, boolean converged, DataSet data) {
        var words = new ArrayList<String>();
        if (!machine.cpu().equals(runs.machine().cpu())) {
            words.add("fitted on another processor");
        }
        if (!machine.accelerators().isEmpty()) {
            words.add("ceilings are those of processors, not of the accelerators that the machine file has too");
        }
        String precision = predicted.asMap().getOrDefault(Settings.PRECISION, runs.precision());
        if (!precision.equals(runs.precision())) {
            words.add("fitted in " + runs.precision());
        }
        Map<String, String> changed = changed();
        if (!changed.isEmpty() && workload.sampleBytes(predicted).isEmpty()) {
            words.add("length of samples as in the runs");
        }
        if (!changed.isEmpty() && converged) {
            words.add("samples to converge are those of " + LearnedSettings.inWords(changed));
        }
        if (converged && data.trainSamples() != runs.data().trainSamples()) {
            words.add("samples to converge are those of a training set of "
                    + runs.data().trainSamples());
        }
        return words;
    }

    /** Settings that change what is learned, with their values in the runs. */
    private Map<String, String> changed() {
        Map<String, String> changed = LearnedSettings.of(workload, fitted.asMap());
        changed.entrySet().removeIf(setting -> setting.getValue().equals(predicted.get(setting.getKey())));
        return changed;
    }
}
