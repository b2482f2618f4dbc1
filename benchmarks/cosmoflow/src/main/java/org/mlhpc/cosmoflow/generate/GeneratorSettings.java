package org.mlhpc.cosmoflow.generate;

import static org.mlhpc.api.Settings.require;

import java.util.List;

/**
 * What the synthetic data depend on, apart from the seed.
 *
 * @param sampleSize cells along an edge of a sample
 * @param genBoxCells cells along an edge of a universe
 * @param genCellSize edge of a cell in Mpc/h
 * @param genParticlesPerCell a cube of a whole number or 1/8
 * @param genVary parameters that differ between universes
 * @param genSpread largest relative distance of a varying parameter from its Planck value
 * @param genRedshifts one per channel of a sample
 */
record GeneratorSettings(
        int sampleSize,
        int genTrainSamples,
        int genValidationSamples,
        int genBoxCells,
        double genCellSize,
        String genParticlesPerCell,
        List<CosmologicalParameter> genVary,
        double genSpread,
        List<Double> genRedshifts,
        Compression genCompression) {

    /** Channels of a sample in the published set. */
    static final int CHANNELS = 4;

    /** Beyond this the smallest Omega_m would come close to the baryon density and structure would all but vanish. */
    private static final double LARGEST_SPREAD = 0.5;

    enum Compression {
        GZIP,
        NONE
    }

    GeneratorSettings {
        require(sampleSize > 0, "sample_size", sampleSize, "positive");
        require(genTrainSamples > 0, "gen_train_samples", genTrainSamples, "positive");
        require(genValidationSamples > 0, "gen_validation_samples", genValidationSamples, "positive");
        require(
                genBoxCells > 0 && genBoxCells % sampleSize == 0,
                "gen_box_cells",
                genBoxCells,
                "a multiple of sample_size=" + sampleSize);
        require(genCellSize > 0, "gen_cell_size", genCellSize, "positive");
        require(
                genSpread > 0 && genSpread <= LARGEST_SPREAD,
                "gen_spread",
                genSpread,
                "more than 0 and at most " + LARGEST_SPREAD);
        require(
                genRedshifts.size() == CHANNELS && genRedshifts.stream().allMatch(z -> z >= 0),
                "gen_redshifts",
                genRedshifts,
                CHANNELS + " numbers, none negative");
        int side = latticeSide(genBoxCells, genParticlesPerCell);
        require(side % 2 == 0, "gen_box_cells", genBoxCells, "such that the lattice of particles has an even side");
    }

    /** Particles along an edge of a universe. */
    int latticeSide() {
        return latticeSide(genBoxCells, genParticlesPerCell);
    }

    private static int latticeSide(int boxCells, String particlesPerCell) {
        String key = "gen_particles_per_cell";
        if (particlesPerCell.equals("1/8") || particlesPerCell.equals("0.125")) {
            require(boxCells % 2 == 0, "gen_box_cells", boxCells, "even, as " + key + "=1/8 needs");
            return boxCells / 2;
        }
        require(
                particlesPerCell.matches("[1-9][0-9]{0,8}"),
                key,
                particlesPerCell,
                "1/8 or the cube of a whole number");
        int particles = Integer.parseInt(particlesPerCell);
        int perEdge = (int) Math.round(Math.cbrt(particles));
        require(perEdge * perEdge * perEdge == particles, key, particlesPerCell, "1/8 or the cube of a whole number");
        return Math.multiplyExact(perEdge, boxCells);
    }

    /** Edge of a universe in Mpc/h. */
    double boxEdge() {
        return genBoxCells * genCellSize;
    }

    int cubesPerUniverse() {
        int perEdge = genBoxCells / sampleSize;
        return perEdge * perEdge * perEdge;
    }

    /** An upper bound of the memory one universe takes while it is made: its fields and its counts. */
    long bytesPerUniverse() {
        long particles = (long) latticeSide() * latticeSide() * latticeSide();
        long cells = (long) genBoxCells * genBoxCells * genBoxCells;
        return particles * LATTICE_FIELDS * Float.BYTES + cells * CHANNELS * Short.BYTES;
    }

    /**
     * Most fields alive at once: the density's and the source's modes, three displacements of second order, and of the
     * last transform its product, the copy libtorch makes of it, and the result, with room for padding.
     */
    private static final int LATTICE_FIELDS = 12;
}
