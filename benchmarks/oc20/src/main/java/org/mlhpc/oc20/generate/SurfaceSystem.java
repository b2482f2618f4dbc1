package org.mlhpc.oc20.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.mlhpc.oc20.data.AtomGraph;
import org.mlhpc.oc20.data.Edges;
import org.mlhpc.oc20.data.RadiusGraph;
import org.mlhpc.oc20.generate.EffectiveMedium.Evaluation;

/** One slab with one adsorbate, and configurations on its way to rest. */
final class SurfaceSystem {
    /** The first configurations are too far from any equilibrium to be of interest. */
    private static final int STEPS_BEFORE = 10;

    private final GeneratorSettings settings;
    private final long number;
    private final Random random;
    private final Structure start;
    /** Of slab and adsorbate apart, each in this cell. */
    private final double reference;

    /**
     * Chooses metal, facet, size, adsorbate and place.
     *
     * @param number within the split, {@code sid}
     * @param seed everything follows from
     */
    SurfaceSystem(GeneratorSettings settings, long number, long seed) {
        this.settings = settings;
        this.number = number;
        this.random = new Random(seed);
        Structure slab = Structure.slab(
                choose(settings.genMetals()),
                choose(settings.genFacets()),
                choose(settings.genRepeats()),
                choose(settings.genRepeats()),
                settings.genLayers());
        this.start = slab.with(choose(settings.genAdsorbates()), random);
        this.reference = energy(slab) + energy(start.adsorbateAlone());
    }

    private <T> T choose(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static double energy(Structure structure) {
        return evaluate(structure).energy();
    }

    private static Evaluation evaluate(Structure structure) {
        return new EffectiveMedium(structure.atoms()).evaluate(structure.positions(), structure.cell());
    }

    /** The configurations in order, every second one rattled. */
    List<AtomGraph> frames() {
        var frames = new ArrayList<AtomGraph>();
        Relaxation relaxation = new Relaxation(start).steps(STEPS_BEFORE);
        for (int frame = 0; frame < settings.genFrames(); frame++) {
            if (frame % 2 == 0) {
                frames.add(graph(relaxation.structure(), relaxation.evaluation(), frame));
            } else {
                Structure rattled = relaxation.rattled(settings.genRattle(), random);
                frames.add(graph(rattled, evaluate(rattled), frame));
            }
            relaxation.steps(settings.genRelaxSteps());
        }
        return frames;
    }

    private AtomGraph graph(Structure structure, Evaluation evaluation, int frame) {
        boolean[] fixed = new boolean[structure.atoms().size()];
        for (int atom = 0; atom < fixed.length; atom++) {
            fixed[atom] = structure.isFixed(atom);
        }
        return new AtomGraph(
                structure.atoms().stream().mapToInt(Species::atomicNumber).toArray(),
                structure.positions(),
                structure.cell(),
                evaluation.forces(),
                fixed,
                structure.tags(),
                evaluation.energy() - reference,
                settings.genEdges() ? Optional.of(edges(structure)) : Optional.empty(),
                number,
                frame);
    }

    private Edges edges(Structure structure) {
        try {
            return new RadiusGraph(settings.cutoff(), settings.maxNeighbors())
                    .of(structure.positions(), structure.cell());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "setting cutoff=" + settings.cutoff() + " with gen_edges=true: " + e.getMessage(), e);
        }
    }
}
