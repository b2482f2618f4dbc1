package org.mlhpc.oc20.generate;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.util.List;

/**
 * What the synthetic data depend on, apart from the seed; settings of the same names.
 *
 * @param cutoff radius of the graphs, Å
 * @param genFrames configurations of one relaxation
 * @param genRepeats numbers of surface cells along a side of the slab to choose from
 * @param genRelaxSteps steps of relaxation from one configuration to the next
 * @param genRattle width of the displacement of every second configuration, Å
 * @param genEdges whether the files hold the edges
 * @param genFiles files of each split
 */
record GeneratorSettings(
        double cutoff,
        int maxNeighbors,
        int genTrainSamples,
        int genValidationSamples,
        int genFrames,
        List<Species> genMetals,
        List<Adsorbate> genAdsorbates,
        List<Facet> genFacets,
        List<Integer> genRepeats,
        int genLayers,
        int genRelaxSteps,
        double genRattle,
        boolean genEdges,
        int genFiles) {
    private static final int MOST_REPEATS = 20;

    GeneratorSettings {
        require(cutoff > 0, "cutoff", cutoff, "positive");
        requireAtLeast(1, "max_neighbors", maxNeighbors);
        requireAtLeast(1, "gen_train_samples", genTrainSamples);
        requireAtLeast(1, "gen_validation_samples", genValidationSamples);
        requireAtLeast(1, "gen_frames", genFrames);
        require(
                !genMetals.isEmpty() && genMetals.stream().allMatch(Species::isMetal),
                "gen_metals",
                genMetals,
                "a list of fcc metals");
        require(!genAdsorbates.isEmpty(), "gen_adsorbates", genAdsorbates, "a list of adsorbates");
        require(!genFacets.isEmpty(), "gen_facets", genFacets, "a list of facets");
        require(
                !genRepeats.isEmpty() && genRepeats.stream().allMatch(n -> n >= 1 && n <= MOST_REPEATS),
                "gen_repeats",
                genRepeats,
                "numbers from 1 to " + MOST_REPEATS);
        require(genLayers >= 2 && genLayers <= MOST_REPEATS, "gen_layers", genLayers, "from 2 to " + MOST_REPEATS);
        requireAtLeast(1, "gen_relax_steps", genRelaxSteps);
        require(genRattle >= 0 && genRattle <= 0.5, "gen_rattle", genRattle, "from 0 to 0.5 Å");
        requireAtLeast(1, "gen_files", genFiles);
    }
}
