package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.FileErrors;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.storage.FileLoad;
import org.mlhpc.roofline.storage.MetadataRates;
import org.mlhpc.roofline.storage.TestFile;

/** Reads, writes and metadata operations on one file system. */
final class StorageSteps {
    private static final int QUEUE = 4;

    private StorageSteps() {}

    static List<Step> of(TestFile file, Path folder, Effort effort, Peaks peaks) {
        var steps = new ArrayList<Step>();
        for (FileLoad load : loads()) {
            String label = load.level() + " " + load.operation() + ", " + Step.threads(load.threads());
            Optional<Double> peak = load.direct() ? peaks.storage(folder) : Optional.empty();
            steps.add(new Step(Resource.STORAGE, label, findings -> transfer(file, load, effort, peak, findings)));
        }
        steps.add(new Step(Resource.STORAGE, "metadata operations", findings -> metadata(folder, effort, findings)));
        return steps;
    }

    /** How it is timed. */
    static String condition(Effort effort) {
        return "storage: " + effort.iterations() + " iterations after one that does not count, of "
                + effort.iterationMillis() + " ms for reads and writes and of " + effort.files()
                + " files for metadata; medians and quartiles are over them";
    }

    /** Cached ones last: what is written before would otherwise be on its way to the device still. */
    static List<FileLoad> loads() {
        var loads = new ArrayList<FileLoad>();
        for (boolean write : new boolean[] {false, true}) {
            for (int threads : new int[] {1, QUEUE}) {
                loads.add(FileLoad.sequential(write, true, threads));
                loads.add(FileLoad.random(write, true, threads));
            }
        }
        for (boolean write : new boolean[] {false, true}) {
            loads.add(FileLoad.sequential(write, false, 1));
            loads.add(FileLoad.random(write, false, 1));
        }
        return loads;
    }

    private static void transfer(TestFile file, FileLoad load, Effort effort, Optional<Double> peak, Findings findings)
            throws IOException {
        if (!load.direct()) {
            file.warm();
        }
        double[] rates;
        try {
            rates = file.bytesPerSecond(load, effort.iterations(), effort.iterationMillis());
        } catch (IOException e) {
            findings.missing(
                    "storage " + load.level() + " " + load.operation() + ", " + Step.threads(load.threads()),
                    FileErrors.message(e),
                    "choose another --path");
            return;
        }
        findings.add(ceiling(load.level(), load.operation(), load.threads(), "B/s", Spread.of(rates), peak));
    }

    private static void metadata(Path folder, Effort effort, Findings findings) throws IOException {
        MetadataRates.measure(folder, effort.files(), 1);
        MetadataRates rates = MetadataRates.measure(folder, effort.files(), effort.iterations());
        findings.add(ceiling("metadata", "create", 1, "1/s", rates.create(), Optional.empty()));
        findings.add(ceiling("metadata", "stat", 1, "1/s", rates.stat(), Optional.empty()));
        findings.add(ceiling("metadata", "unlink", 1, "1/s", rates.unlink(), Optional.empty()));
    }

    private static MeasuredCeiling ceiling(
            String level, String operation, int threads, String unit, Spread rate, Optional<Double> peak) {
        return MeasuredCeiling.of(Resource.STORAGE, level, operation, "", threads, unit, rate, peak);
    }
}
