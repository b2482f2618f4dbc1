package org.mlhpc.oc20.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.oc20.generate.EffectiveMedium.Evaluation;
import org.mlhpc.torch.oracle.PythonOracle;

class EffectiveMediumTest {
    @TempDir
    private Path directory;

    private static Evaluation evaluate(Structure s) {
        return new EffectiveMedium(s.atoms()).evaluate(s.positions(), s.cell());
    }

    /** Each metal with each kind of light atom, rattled; cells so small that atoms meet their own images; a lone atom. */
    private static List<Structure> structures() {
        var random = new Random(1);
        var structures = new ArrayList<Structure>();
        for (Species metal : Species.values()) {
            for (Facet facet : metal.isMetal() ? Facet.values() : new Facet[0]) {
                Structure slab = Structure.slab(metal, facet, 1 + random.nextInt(3), 2, 3);
                Structure full = slab.with(Adsorbate.CH, random).with(Adsorbate.NO, random);
                structures.add(new Relaxation(full).steps(3).rattled(0.1, random));
            }
        }
        structures.add(new Structure(
                List.of(Species.O), new double[3], new double[] {30, 0, 0, 0, 30, 0, 0, 0, 30}, new int[1]));
        return structures;
    }

    @Test
    void energyAndForcesAreThoseOfAse() throws Exception {
        var python = new PythonOracle(EffectiveMediumTest.class, "emt_oracle.py", directory);
        python.assumeModules("ase", "numpy");
        List<Structure> structures = structures();
        Path file = directory.resolve("structures.txt");
        Files.write(
                file, structures.stream().flatMap(EffectiveMediumTest::lines).toList());

        List<String> answers = python.run(file.toString()).lines().toList();

        for (int i = 0; i < structures.size(); i++) {
            Evaluation found = evaluate(structures.get(i));
            double[] expected = Arrays.stream(answers.get(i).split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            // The wanted accuracy; the values of bohr differ by 2e-10.
            assertEquals(expected[0], found.energy(), 1e-6 * Math.abs(expected[0]));
            double largest =
                    Arrays.stream(expected).skip(1).map(Math::abs).max().orElse(0);
            for (int k = 0; k < found.forces().length; k++) {
                assertEquals(expected[1 + k], found.forces()[k], 1e-6 * largest + 1e-12);
            }
        }
    }

    private static Stream<String> lines(Structure s) {
        return Stream.of(
                s.atoms().stream().map(atom -> "" + atom.atomicNumber()).collect(Collectors.joining(" ")),
                text(s.positions()),
                text(s.cell()));
    }

    private static String text(double[] values) {
        return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    @Test
    void forcesAreTheSlopesOfTheEnergy() {
        Structure s = structures().get(4);
        double[] forces = evaluate(s).forces();
        double h = 1e-5;
        for (int i = 0; i < forces.length; i++) {
            double[] ahead = s.positions().clone();
            double[] behind = s.positions().clone();
            ahead[i] += h;
            behind[i] -= h;
            double slope =
                    (evaluate(s.at(ahead)).energy() - evaluate(s.at(behind)).energy()) / (2 * h);
            // Rounding of energies near 100 over the step, and neighbours that pass the cut, where 1e-4 is left.
            assertEquals(-slope, forces[i], 1e-5 * (1 + Math.abs(slope)));
        }
    }

    /** By the construction of the potential, up to what lies beyond the third neighbours. */
    @Test
    void crystalsAreAtRest() {
        for (Species metal : Species.values()) {
            if (metal.isMetal()) {
                double a = metal.latticeConstant();
                double[] cell = {0, a / 2, a / 2, a / 2, 0, a / 2, a / 2, a / 2, 0};
                var atom = new Structure(List.of(metal), new double[3], cell, new int[1]);

                assertEquals(0, evaluate(atom).energy(), 0.05, metal.name());
            }
        }
    }

    @Test
    void relaxationGoesDownhillAndKeepsWhatIsFixed() {
        var random = new Random(3);
        Structure start = Structure.slab(Species.CU, Facet.FCC111, 3, 3, 4).with(Adsorbate.CO, random);
        double before = new Relaxation(start).steps(10).evaluation().energy();
        var after = new Relaxation(start).steps(60);

        assertTrue(after.evaluation().energy() < before);
        for (int atom = 0; atom < start.atoms().size(); atom++) {
            boolean moved = after.structure().positions()[3 * atom + 2] != start.positions()[3 * atom + 2];
            assertEquals(start.tags()[atom] != Structure.BELOW, moved, "atom " + atom);
        }
    }
}
