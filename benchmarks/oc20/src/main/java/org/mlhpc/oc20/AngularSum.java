package org.mlhpc.oc20;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.mlhpc.oc20.data.GraphBatch;

/**
 * The sum over triplets k to j to i of DimeNet++, without listing triplets.
 *
 * <p>For edge ji the network wants the sum over edges kj of x_kj W s, where the basis s_ln = R_ln(d_kj) P_l(cos of the angle between
 * the edges). The addition theorem P_l(u · v) = sum over m of S_lm(u) S_lm(v) takes the two edges apart: each atom j first
 * sums S_lm(u_kj) (R_l(d_kj) W) x_kj over its incoming edges, once, and each outgoing edge takes from that by its own S_lm(u_ji). Work
 * and memory grow with edges instead of triplets, of which there are some forty times as many. The one triplet that returns
 * to where it came from does not count; its angle is π, so it is taken away with P_l(-1) = (-1)^l.
 */
final class AngularSum {
    private final GraphBatch batch;
    private final int orders;
    /** R_ln of the edges in their incoming slots, [l, slots, n]. */
    private final Tensor incomingRadial;
    /** (-1)^l R_ln of the edges, [E, l * n]. */
    private final Tensor returningRadial;
    /** S_lm of the incoming edges by l, [N, 2l+1, I]. */
    private final List<Tensor> incomingHarmonics = new ArrayList<>();
    /** S_lm of the outgoing edges, [N, O, orders^2]. */
    private final Tensor outgoingHarmonics;

    private final Tensor hasReverse;

    /**
     * Prepares what all blocks of a network share.
     *
     * @param radial R_ln, [E, l, n]
     * @param unit directions of the edges, [E, 3]
     */
    AngularSum(GraphBatch batch, Tensor radial, Tensor unit) {
        this.batch = batch;
        this.orders = (int) radial.size(1);
        long n = radial.size(2);
        Tensor flat = radial.reshape(batch.edges(), orders * n);
        this.incomingRadial = Rows.take(flat, batch.incoming())
                .view(-1, orders, n)
                .permute(1, 0, 2)
                .contiguous();
        this.returningRadial = flat.mul(signs(radial, n));
        Tensor harmonics = Harmonics.of(unit, orders);
        Tensor incoming = Rows.take(harmonics, batch.incoming())
                .mul(batch.isIncoming().to(unit.scalar_type()).unsqueeze(1))
                .view(batch.atoms(), batch.incomingSlots(), Harmonics.count(orders))
                .transpose(1, 2);
        for (int l = 0; l < orders; l++) {
            incomingHarmonics.add(incoming.narrow(1, (long) l * l, 2L * l + 1).contiguous());
        }
        this.outgoingHarmonics = Rows.take(harmonics, batch.outgoing())
                .view(batch.atoms(), batch.outgoingSlots(), Harmonics.count(orders));
        this.hasReverse = batch.hasReverse().to(unit.scalar_type());
    }

    /** (-1)^l for each l and n, [1, l * n]. */
    private Tensor signs(Tensor like, long n) {
        Tensor signs = torch.ones_like(like.select(0, 0)).detach();
        for (int l = 1; l < orders; l += 2) {
            signs.select(0, l).fill_(new Scalar(-1));
        }
        return signs.view(1, orders * n);
    }

    /**
     * The sum for each edge.
     *
     * @param x features of the edges, [E, C]
     * @param weight W, [C, l * n]
     * @return [E, C]
     */
    Tensor of(Tensor x, Tensor weight) {
        long channels = x.size(1);
        Tensor byOrder = weight.view(channels, orders, -1).permute(1, 2, 0);
        Tensor filtered = torch.bmm(incomingRadial, byOrder).mul(Rows.take(x, batch.incoming()));
        var atAtoms = new ArrayList<Tensor>();
        for (int l = 0; l < orders; l++) {
            Tensor edges = filtered.select(0, l).view(batch.atoms(), batch.incomingSlots(), channels);
            atAtoms.add(torch.bmm(incomingHarmonics.get(l), edges));
        }
        Tensor sums = torch.cat(new TensorVector(atAtoms.toArray(Tensor[]::new)), 1);
        Tensor outgoing = torch.bmm(outgoingHarmonics, sums).view(-1, channels);
        Tensor returning = torch.linear(returningRadial, weight).mul(x);
        return Rows.take(outgoing, batch.outgoingSlot())
                .sub(Rows.take(returning, batch.reverse()).mul(hasReverse));
    }
}
