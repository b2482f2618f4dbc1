package org.mlhpc.cosmoflow.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * One simulated box, to be drawn and cut.
 *
 * @param split folder its samples belong to
 * @param number counts the universes of the split from 0
 * @param samples how many of its cubes become samples, in order
 * @param seed of its phases
 */
record Universe(Split split, int number, int samples, long seed, Label label, Cosmology cosmology) {
    enum Split {
        TRAIN,
        VALIDATION;

        String folder() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The universes of a data set. Splits draw from generators of their own, so their sizes do not affect each other. */
    static List<Universe> plan(GeneratorSettings settings, long seed) {
        var prior = new ParameterPrior(settings.genVary(), settings.genSpread());
        var root = new SplittableRandom(seed);
        var universes = new ArrayList<Universe>();
        addSplit(universes, Split.TRAIN, settings.genTrainSamples(), settings.cubesPerUniverse(), prior, root.split());
        addSplit(
                universes,
                Split.VALIDATION,
                settings.genValidationSamples(),
                settings.cubesPerUniverse(),
                prior,
                root.split());
        return universes;
    }

    private static void addSplit(
            List<Universe> universes,
            Split split,
            int samples,
            int cubesPerUniverse,
            ParameterPrior prior,
            SplittableRandom random) {
        for (int first = 0, number = 0; first < samples; first += cubesPerUniverse, number++) {
            Label label = prior.draw(random);
            int count = Math.min(cubesPerUniverse, samples - first);
            universes.add(new Universe(split, number, count, random.nextLong(), label, prior.cosmology(label)));
        }
    }

    /** Published naming: directory of the universe, file of the universe, cube. */
    String fileName(int cube) {
        return String.format(
                Locale.ROOT,
                "%s/synthetic-%s_universe-%06d_%03d.tfrecord",
                split.folder(),
                split.folder(),
                number,
                cube);
    }
}
