package org.mlhpc.oc20;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.Communicator;
import org.mlhpc.oc20.data.GraphBatch;
import org.mlhpc.torch.OperatorProbe;
import org.mlhpc.torch.Parameters;
import org.mlhpc.torch.TorchModel;

/** Loss and metric of DimeNet++ trained on the forces of free atoms. */
final class ForceTraining implements TorchModel<GraphBatch> {
    static final String LOSS = "loss";

    private final DimeNet net;
    private final Objective objective;
    private final Communicator world;
    private double freeOfAllRanks = Double.NaN;

    /**
     * Settings of the same names.
     *
     * @param forceCoefficient factor of the loss
     * @param gradTargetStd forces are divided by it, in eV/Å
     */
    record Objective(double forceCoefficient, double gradTargetStd) {
        Objective {
            if (!(forceCoefficient > 0)) {
                throw new IllegalArgumentException(
                        "setting force_coefficient=" + forceCoefficient + " must be positive");
            }
            if (!(gradTargetStd > 0)) {
                throw new IllegalArgumentException("setting grad_target_std=" + gradTargetStd + " must be positive");
            }
        }
    }

    /** Takes ownership of {@code net}. */
    ForceTraining(DimeNet net, Objective objective, Communicator world) {
        this.net = net;
        this.objective = objective;
        this.world = world;
    }

    @Override
    public Parameters parameters() {
        return net.parameters();
    }

    /** The number of free atoms of all ranks, which {@link #loss} divides by. */
    @Override
    public void prepare(GraphBatch batch) {
        double[] free = {batch.free().size(0)};
        world.sum(free);
        freeOfAllRanks = free[0];
    }

    /**
     * The sum of the absolute errors of all components on this rank, times the number of ranks over the number of free atoms of
     * all ranks. Its mean over ranks is the sum over all atoms of the step by their number, however they are dealt out, and so the
     * same on one rank as on several.
     *
     * <p>The reference has this with several ranks. With one it takes the mean over components, of which an atom has three: there
     * the loss is a third of this one.
     */
    @Override
    public Tensor loss(GraphBatch batch, OperatorProbe probe) {
        Tensor error = errors(batch, true, probe);
        double share = freeOfAllRanks == 0 ? 0 : world.size() / freeOfAllRanks;
        Tensor loss = error.sum().mul(new Scalar(objective.forceCoefficient() * share));
        probe.after(LOSS, loss);
        return loss;
    }

    /** Absolute errors of the normalised forces on free atoms, [free, 3]. */
    private Tensor errors(GraphBatch batch, boolean training, OperatorProbe probe) {
        Tensor forces = net.predict(batch, training, probe).forces();
        Tensor target = batch.forces().to(forces.scalar_type()).div(new Scalar(objective.gradTargetStd()));
        return torch.index_select(forces.sub(target), 0, batch.free()).abs();
    }

    /** Sum of absolute errors of force components in eV/Å, and their number. */
    @Override
    public double[] validate(GraphBatch batch) {
        Tensor errors = errors(batch, false, OperatorProbe.none());
        double sum =
                errors.detach().sum(new ScalarTypeOptional(ScalarType.Double)).item_double();
        return new double[] {sum * objective.gradTargetStd(), errors.numel()};
    }

    /** Mean absolute error of a force component on free atoms, eV/Å. */
    @Override
    public double metric(double[] sums) {
        return sums[0] / sums[1];
    }

    @Override
    public void close() {
        net.close();
    }
}
