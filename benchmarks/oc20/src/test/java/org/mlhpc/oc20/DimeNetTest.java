package org.mlhpc.oc20;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.ForceTraining.Objective;
import org.mlhpc.oc20.data.AtomGraph;
import org.mlhpc.oc20.data.GraphBatch;
import org.mlhpc.torch.OperatorProbe;

/** Derivatives against finite differences in float64, and the symmetries of physics. */
class DimeNetTest {
    /** Å; the third derivative of the energy, below 1e5 here, times its square is below 1e-5 of a force. */
    private static final double STEP = 1e-5;

    private final Settings settings = Graphs.settings().with("angle_gradient", true);

    private static GraphBatch withVectors(GraphBatch b, Tensor vectors) {
        return new GraphBatch(
                b.samples(),
                b.atoms(),
                b.edges(),
                b.triplets(),
                b.elements(),
                b.graph(),
                vectors,
                b.source(),
                b.target(),
                b.incoming(),
                b.isIncoming(),
                b.outgoing(),
                b.outgoingSlot(),
                b.reverse(),
                b.hasReverse(),
                b.free(),
                b.forces(),
                b.energies());
    }

    /** The edge vectors after atom {@code atom} has moved along {@code axis}. */
    private static GraphBatch moved(GraphBatch batch, long atom, long axis, double distance) {
        Tensor vectors = batch.vectors().to(ScalarType.Double).clone();
        Tensor change = batch.source()
                .eq(new Scalar(atom))
                .to(ScalarType.Double)
                .sub(batch.target().eq(new Scalar(atom)).to(ScalarType.Double));
        vectors.select(1, axis).add_(change, new Scalar(distance));
        return withVectors(batch, vectors);
    }

    private static double[] values(Tensor tensor) {
        Tensor copy = tensor.detach().to(ScalarType.Double).contiguous();
        double[] values = new double[(int) copy.numel()];
        copy.data_ptr_double().get(values);
        return values;
    }

    private static double energy(DimeNet net, GraphBatch batch) {
        return net.predict(batch, false, OperatorProbe.none()).energies().sum().item_double();
    }

    @Test
    void forcesAreTheSlopesOfTheEnergy() {
        try (var scope = new PointerScope();
                var net = Graphs.net(settings, ScalarType.Double)) {
            GraphBatch batch = Graphs.batch(Graphs.graph(1), Graphs.graph(2));
            double[] forces =
                    values(net.predict(batch, false, OperatorProbe.none()).forces());
            for (int i = 0; i < forces.length; i++) {
                double slope =
                        (energy(net, moved(batch, i / 3, i % 3, STEP)) - energy(net, moved(batch, i / 3, i % 3, -STEP)))
                                / (2 * STEP);
                // Error of central differences, and rounding 1e-16 of the energy over the step.
                assertEquals(-slope, forces[i], 1e-6 * (1 + Math.abs(slope)), "component " + i);
            }
        }
    }

    /** The slopes the published network leaves out are not small: the test above would notice. */
    @Test
    void heldAnglesChangeTheForces() {
        try (var scope = new PointerScope();
                var free = Graphs.net(settings, ScalarType.Double);
                var held = Graphs.net(settings.with("angle_gradient", false), ScalarType.Double)) {
            GraphBatch batch = Graphs.batch(Graphs.graph(1));
            Tensor difference = free.predict(batch, false, OperatorProbe.none())
                    .forces()
                    .sub(held.predict(batch, false, OperatorProbe.none()).forces());

            assertTrue(difference.abs().max().item_double() > 1e-3);
        }
    }

    /** The derivative of a derivative: of the loss on forces by each parameter tensor, along a random direction. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsOfTheForceLossAreThoseOfFiniteDifferences(boolean angleGradient) {
        Settings with = settings.with("angle_gradient", angleGradient);
        try (var scope = new PointerScope();
                var training = new ForceTraining(
                        Graphs.net(with, ScalarType.Double), with.bind(Objective.class), new LocalCommunicator())) {
            GraphBatch batch = Graphs.batch(Graphs.graph(1), Graphs.graph(2));
            training.prepare(batch);
            training.loss(batch).backward();
            torch.manual_seed(3);
            for (Tensor weight : training.parameters().tensors()) {
                Tensor direction = torch.randn_like(weight);
                double expected = weight.grad().mul(direction).sum().item_double();
                double h = 1e-6;
                double found = (shifted(training, batch, weight, direction, h)
                                - shifted(training, batch, weight, direction, -h))
                        / (2 * h);
                // Rounding 1e-14 of a loss near 100 over the step; kinks of the absolute value are hit with chance
                // 1e-5.
                assertEquals(expected, found, 1e-5 * (1 + Math.abs(expected)), weight.shape().length + " axes");
            }
        }
    }

    private static double shifted(
            ForceTraining training, GraphBatch batch, Tensor weight, Tensor direction, double distance) {
        try (var noGradient = new NoGradGuard()) {
            weight.add_(direction, new Scalar(distance));
        }
        training.prepare(batch);
        double loss = training.loss(batch).item_double();
        try (var noGradient = new NoGradGuard()) {
            weight.add_(direction, new Scalar(-distance));
        }
        return loss;
    }

    /** Positions become float32 vectors on the way, 1e-7 of a distance; slopes are below 100. */
    private static final double SYMMETRY = 1e-4;

    private DimeNet.Prediction predict(DimeNet net, AtomGraph graph) {
        return net.predict(Graphs.batch(graph), false, OperatorProbe.none());
    }

    private static double[] rotate(double[] vectors) {
        double c = Math.cos(0.7);
        double s = Math.sin(0.7);
        double[] rotated = new double[vectors.length];
        for (int i = 0; i < vectors.length; i += 3) {
            double x = c * vectors[i] - s * vectors[i + 1];
            double y = s * vectors[i] + c * vectors[i + 1];
            rotated[i] = x;
            rotated[i + 1] = c * y - s * vectors[i + 2];
            rotated[i + 2] = s * y + c * vectors[i + 2];
        }
        return rotated;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rotationRotatesForcesAndLeavesTheEnergy(boolean angleGradient) {
        AtomGraph g = Graphs.graph(1);
        AtomGraph turned = Graphs.graph(g.atomicNumbers(), rotate(g.positions()), rotate(g.cell()), rotate(g.forces()));
        try (var scope = new PointerScope();
                var net = Graphs.net(settings.with("angle_gradient", angleGradient), ScalarType.Double)) {
            var before = predict(net, g);
            var after = predict(net, turned);

            assertArrayEquals(values(before.energies()), values(after.energies()), SYMMETRY);
            assertArrayEquals(rotate(values(before.forces())), values(after.forces()), SYMMETRY);
        }
    }

    /** Together by any vector, and one atom alone by a vector of the lattice. */
    @Test
    void translationAndPeriodicImagesChangeNothing() {
        AtomGraph g = Graphs.graph(1);
        double[] shifted = g.positions().clone();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] += i % 3 - 0.3;
        }
        for (int k = 0; k < 3; k++) {
            shifted[3 + k] += 2 * g.cell()[k] - g.cell()[6 + k];
        }
        try (var scope = new PointerScope();
                var net = Graphs.net(settings, ScalarType.Double)) {
            var before = predict(net, g);
            var after = predict(net, Graphs.graph(g.atomicNumbers(), shifted, g.cell(), g.forces()));

            assertArrayEquals(values(before.energies()), values(after.energies()), SYMMETRY);
            assertArrayEquals(values(before.forces()), values(after.forces()), SYMMETRY);
        }
    }

    @Test
    void theOrderOfAtomsDoesNotMatter() {
        AtomGraph g = Graphs.graph(1);
        int[] order = {2, 0, 3, 1};
        int[] elements = new int[order.length];
        double[] positions = new double[g.positions().length];
        for (int i = 0; i < order.length; i++) {
            elements[i] = g.atomicNumbers()[order[i]];
            System.arraycopy(g.positions(), 3 * order[i], positions, 3 * i, 3);
        }
        try (var scope = new PointerScope();
                var net = Graphs.net(settings, ScalarType.Double)) {
            var before = predict(net, g);
            var after = predict(net, Graphs.graph(elements, positions, g.cell(), g.forces()));

            double[] expected = values(before.forces());
            double[] found = values(after.forces());
            for (int i = 0; i < order.length; i++) {
                for (int k = 0; k < 3; k++) {
                    assertEquals(expected[3 * order[i] + k], found[3 * i + k], SYMMETRY);
                }
            }
        }
    }

    /** Energies and forces of a graph do not depend on its company. */
    @Test
    void graphsOfABatchDoNotMeet() {
        try (var scope = new PointerScope();
                var net = Graphs.net(settings, ScalarType.Double)) {
            var alone = predict(net, Graphs.graph(2));
            var both = net.predict(Graphs.batch(Graphs.graph(1), Graphs.graph(2)), false, OperatorProbe.none());

            assertEquals(alone.energies().item_double(), values(both.energies())[1], 1e-12);
            assertArrayEquals(values(alone.forces()), values(both.forces().narrow(0, 4, 4)), 1e-12);
        }
    }
}
