package org.mlhpc.oc20;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.RankThreads;
import org.mlhpc.api.Settings;
import org.mlhpc.oc20.ForceTraining.Objective;
import org.mlhpc.oc20.data.AtomGraph;
import org.mlhpc.oc20.data.GraphBatch;

class DataParallelTest {
    private final Settings settings = Graphs.settings();

    /** Loss, then the gradients of all parameters. */
    private List<double[]> step(Communicator world, AtomGraph... graphs) {
        try (var scope = new PointerScope();
                var training = new ForceTraining(
                        Graphs.net(settings, ScalarType.Double), settings.bind(Objective.class), world)) {
            GraphBatch batch = Graphs.batch(graphs);
            training.prepare(batch);
            Tensor loss = training.loss(batch);
            loss.backward();
            var results = new ArrayList<double[]>();
            results.add(new double[] {loss.item_double()});
            for (Tensor weight : training.parameters().tensors()) {
                double[] values = new double[(int) weight.numel()];
                weight.grad().contiguous().data_ptr_double().get(values);
                results.add(values);
            }
            return results;
        }
    }

    /** Also with unequal numbers of graphs: the mean over ranks weighs atoms alike. Only the order of float64 sums differs. */
    @Test
    void theMeanOverRanksIsTheStepOfOneRankWithAllGraphs() throws Exception {
        AtomGraph[] graphs = {Graphs.graph(1), Graphs.graph(2), Graphs.graph(3)};
        List<double[]> whole = step(new LocalCommunicator(), graphs);
        List<List<double[]>> parts = RankThreads.run(
                2, world -> world.rank() == 0 ? step(world, graphs[0]) : step(world, graphs[1], graphs[2]));
        for (int i = 0; i < whole.size(); i++) {
            for (int k = 0; k < whole.get(i).length; k++) {
                double mean = (parts.get(0).get(i)[k] + parts.get(1).get(i)[k]) / 2;
                assertEquals(whole.get(i)[k], mean, 1e-10 * (1 + Math.abs(mean)));
            }
        }
    }
}
