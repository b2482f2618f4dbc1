package org.mlhpc.oc20;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.OperatorWork.Pass;
import org.mlhpc.api.StepWork;
import org.mlhpc.torch.Accounting;
import org.mlhpc.torch.AdamOptions;
import org.mlhpc.torch.ParameterSpec;
import org.mlhpc.torch.Precision;
import org.mlhpc.torch.TorchTrainer;

/**
 * What a training step executes, block by block, for graphs of a given size; docs/metrics.md, "Work of OpenCatalyst". Sums over
 * triplets count as {@link AngularSum} takes them, with full slots.
 */
final class NetWork {
    private static final double FLOP_PER_MULTIPLY_ADD = 2;

    private final Architecture architecture;
    private final AdamOptions adam;
    private final Precision precision;
    private final int samples;
    private final TorchTrainer.Options training;
    private final double edges;
    private final double atoms;
    private final double valueBytes;
    private final List<OperatorWork> operators = new ArrayList<>();
    private Pass forces = Pass.NONE;
    private Pass forcesBackward = Pass.NONE;

    NetWork(Architecture architecture, GraphSize size, AdamOptions adam, TorchTrainer.Options training, int samples) {
        this.architecture = architecture;
        this.adam = adam;
        this.training = training;
        this.precision = training.precision();
        this.samples = samples;
        this.edges = (double) size.workEdges() * samples;
        this.atoms = (double) size.workAtoms() * samples;
        this.valueBytes = precision == Precision.BF16 ? Short.BYTES : Float.BYTES;
    }

    /** The whole step. */
    StepWork step() {
        embedding();
        output(0);
        for (int block = 0; block < architecture.numBlocks(); block++) {
            interaction(block);
            output(block + 1);
        }
        operators.add(new OperatorWork(DimeNet.FORCES, List.of(Math.round(atoms), 3L), forces, forcesBackward, 0));
        double values = 3 * atoms * Float.BYTES;
        operators.add(new OperatorWork(
                ForceTraining.LOSS, List.of(), new Pass(0, 2 * values, Float.BYTES), new Pass(0, values, values), 0));
        long parameters = architecture.parameters().stream()
                .mapToLong(ParameterSpec::elements)
                .sum();
        return new StepWork(
                samples,
                precision.name().toLowerCase(Locale.ROOT),
                operators,
                Accounting.gradientCopy(parameters),
                Accounting.adam(parameters, adam.optWeightDecay() > 0, true),
                allReduces());
    }

    /** Of the gradients, after that of the number of free atoms, which the loss divides by. */
    private List<AllReduce> allReduces() {
        var all = new ArrayList<AllReduce>();
        all.add(AllReduce.ofAll(Double.BYTES));
        all.addAll(training.allReduces(architecture.parameters()));
        return all;
    }

    /** The operators of one block. */
    private final class Block {
        private Pass forward = Pass.NONE;
        private Pass backward = Pass.NONE;

        /**
         * A product of values with weights. Its gradient by the input is one more product. To differentiate both passes by
         * everything takes two each.
         */
        void product(double rows, double in, double out) {
            double flop = FLOP_PER_MULTIPLY_ADD * rows * in * out;
            double x = valueBytes * rows * in;
            double y = valueBytes * rows * out;
            double w = valueBytes * in * out;
            Pass toOutput = new Pass(flop, x + w, y);
            Pass toInput = new Pass(flop, y + w, x);
            Pass toWeights = new Pass(flop, x + y, w);
            add(toOutput, toInput, toInput.plus(toWeights), toOutput.plus(toWeights));
        }

        /** A value of each element from {@code inputs} values, such as an activation, a sum or a factor. */
        void elementwise(double rows, double columns, int inputs) {
            double bytes = valueBytes * rows * columns;
            Pass there = new Pass(0, inputs * bytes, bytes);
            Pass back = new Pass(0, (inputs + 1) * bytes, inputs * bytes);
            add(there, back, back, there.plus(back));
        }

        /** Rows by number, or a sum of them: one reads what the other writes. */
        void rows(double from, double to, double columns) {
            Pass there = new Pass(0, valueBytes * from * columns, valueBytes * to * columns);
            Pass back = new Pass(0, valueBytes * to * columns, valueBytes * from * columns);
            add(there, back, back, there);
        }

        private void add(Pass ahead, Pass force, Pass ofAhead, Pass ofForce) {
            forward = forward.plus(ahead);
            backward = backward.plus(ofAhead);
            forces = forces.plus(force);
            forcesBackward = forcesBackward.plus(ofForce);
        }

        void layer(double rows, double in, double out) {
            product(rows, in, out);
            elementwise(rows, out, 1);
        }

        void end(String name, double rows, long columns) {
            operators.add(new OperatorWork(name, List.of(Math.round(rows), columns), forward, backward, 0));
        }
    }

    private void embedding() {
        int channels = architecture.hiddenChannels();
        var block = new Block();
        block.layer(edges, architecture.numRadial(), channels);
        block.product(edges, channels, channels);
        block.rows(edges, edges, channels);
        block.rows(edges, edges, channels);
        block.elementwise(edges, channels, 3);
        block.end(DimeNet.EMBEDDING, edges, channels);
    }

    private void output(int number) {
        int channels = architecture.hiddenChannels();
        int out = architecture.outEmbChannels();
        var block = new Block();
        block.product(edges, architecture.numRadial(), channels);
        block.elementwise(edges, channels, 2);
        block.rows(edges, atoms, channels);
        block.product(atoms, channels, out);
        for (int layer = 0; layer < architecture.numOutputLayers(); layer++) {
            block.layer(atoms, out, out);
        }
        block.product(atoms, out, 1);
        block.end(Architecture.outputBlock(number), atoms, 1);
    }

    private void interaction(int number) {
        int channels = architecture.hiddenChannels();
        var block = new Block();
        block.layer(edges, channels, channels);
        block.layer(edges, channels, channels);
        block.product(edges, architecture.numRadial(), architecture.basisEmbSize());
        block.product(edges, architecture.basisEmbSize(), channels);
        block.elementwise(edges, channels, 2);
        block.layer(edges, channels, architecture.intEmbSize());
        angularSum(block);
        block.layer(edges, architecture.intEmbSize(), channels);
        block.elementwise(edges, channels, 2);
        for (int layer = 0; layer < architecture.numBeforeSkip() + architecture.numAfterSkip(); layer++) {
            block.layer(edges, channels, channels);
            block.layer(edges, channels, channels);
            block.elementwise(edges, channels, 2);
        }
        block.layer(edges, channels, channels);
        block.elementwise(edges, channels, 2);
        block.end(Architecture.interactionBlock(number), edges, channels);
    }

    private void angularSum(Block block) {
        double inner = architecture.intEmbSize();
        int orders = architecture.numSpherical();
        int harmonics = Harmonics.count(orders);
        block.product(edges * orders, architecture.numRadial(), inner);
        block.rows(edges, edges, inner);
        block.elementwise(edges * orders, inner, 2);
        // Each edge's value meets the harmonics of its order on the way to the atom, and all of them on the way back.
        block.product(edges, harmonics, inner);
        block.product(edges, harmonics, inner);
        block.rows(edges, edges, inner);
        block.product(edges, architecture.sphericalValues(), inner);
        block.elementwise(edges, inner, 2);
        block.rows(edges, edges, inner);
        block.elementwise(edges, inner, 2);
    }
}
