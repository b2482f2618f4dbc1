package org.mlhpc.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the closed division demands of a workload's settings and data.
 *
 * @param reference settings as published
 * @param fixedKeys those that must be as in the reference
 * @param trainSamples of the published set
 * @param validationSamples of the published set
 */
public record ClosedDivision(Settings reference, List<String> fixedKeys, int trainSamples, int validationSamples) {
    public ClosedDivision {
        fixedKeys = List.copyOf(fixedKeys);
    }

    /** Numbers of samples to use; 0 for all there are. Settings of the same names. */
    private record Samples(int trainSamples, int validationSamples) {}

    /** Counts the samples in a folder; 0 if it is missing or holds none. */
    @FunctionalInterface
    public interface Counter {
        /** @throws IOException if the folder cannot be read */
        int count(Path folder) throws IOException;
    }

    /** Why these settings are not allowed; empty if they are. */
    public List<String> obstacles(Settings settings) {
        var reasons = new ArrayList<String>();
        for (String key : fixedKeys) {
            if (!same(settings.get(key), reference.get(key))) {
                reasons.add(key + "=" + settings.get(key) + " instead of " + reference.get(key));
            }
        }
        Samples samples = settings.bind(Samples.class);
        int train = samples.trainSamples();
        int validation = samples.validationSamples();
        addIfPart(reasons, "train_samples=" + train, train, trainSamples);
        addIfPart(reasons, "validation_samples=" + validation, validation, validationSamples);
        return reasons;
    }

    /** As numbers, where both are: 0.820 is the published 0.82. Lists item by item. */
    private static boolean same(String value, String published) {
        String[] items = value.split(",", -1);
        String[] expected = published.split(",", -1);
        return items.length == expected.length
                && IntStream.range(0, items.length).allMatch(i -> sameItem(items[i].strip(), expected[i].strip()));
    }

    private static boolean sameItem(String value, String published) {
        try {
            return Double.parseDouble(value) == Double.parseDouble(published);
        } catch (NumberFormatException e) {
            return value.equals(published);
        }
    }

    private static void addIfPart(List<String> reasons, String what, int samples, int published) {
        if (samples != 0 && samples != published) {
            reasons.add(what + " instead of " + published);
        }
    }

    /**
     * Why these data are not allowed under settings that are; empty if they are. A folder that is missing is no incomplete one:
     * opening the data names it.
     *
     * @param train folder of the training samples
     * @param validation folder of the validation samples
     * @throws IOException if a folder cannot be read
     */
    public List<String> obstacles(Settings settings, Path train, Path validation, Counter counter) throws IOException {
        Samples samples = settings.bind(Samples.class);
        var reasons = new ArrayList<String>();
        if (samples.trainSamples() == 0) {
            int found = counter.count(train);
            addIfPart(reasons, train + " holds " + found + " samples", found, trainSamples);
        }
        if (samples.validationSamples() == 0) {
            int found = counter.count(validation);
            addIfPart(reasons, validation + " holds " + found + " samples", found, validationSamples);
        }
        return reasons;
    }
}
