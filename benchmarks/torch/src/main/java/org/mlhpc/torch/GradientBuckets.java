package org.mlhpc.torch;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.bytedeco.pytorch.global.torch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Communicator.Pending;

/**
 * The gradients of one update, averaged over ranks and over the passes of backward that are accumulated. Backward delivers
 * them tensor by tensor, last layer first; in the last pass, as soon as neighbouring tensors fill a bucket, its all-reduce
 * starts and runs beside the rest of backward. Buckets start in the same order on all ranks, whatever the order of delivery.
 */
final class GradientBuckets implements AutoCloseable {
    private final Communicator world;
    private final List<Tensor> parameters;
    private final Tensor flat;
    private final List<Tensor> views;
    private final Scalar share;
    private final int passesPerUpdate;
    private final int[] bucketOf;
    private final List<FloatBuffer> buckets;
    private final int[] tensorsPerBucket;
    private final List<VoidTensorHook> hooks = new ArrayList<>();

    private int passes;
    private int[] missing = {};
    private final List<Pending> started = new ArrayList<>();

    /**
     * Registers itself with the parameters.
     *
     * @param bucketBytes a bucket is full with the tensor that reaches this size
     * @param passesPerUpdate passes of backward that are accumulated
     */
    GradientBuckets(Parameters parameters, Communicator world, long bucketBytes, int passesPerUpdate) {
        this.world = world;
        this.parameters = parameters.tensors();
        this.flat = torch.zeros_like(parameters.flat());
        this.views = parameters.views(flat);
        this.passesPerUpdate = passesPerUpdate;
        this.share = new Scalar(1.0 / world.size() / passesPerUpdate);
        this.bucketOf = assign(parameters.specs(), bucketBytes);
        int count = Arrays.stream(bucketOf).max().orElse(-1) + 1;
        this.tensorsPerBucket = new int[count];
        Arrays.stream(bucketOf).forEach(bucket -> tensorsPerBucket[bucket]++);
        this.buckets = world.size() > 1 ? buffers(parameters, count) : List.of();
        for (int i = 0; i < this.parameters.size(); i++) {
            hooks.add(hook(i));
        }
    }

    /** Bytes of each bucket, in the order in which they start. */
    static List<Long> bytes(List<ParameterSpec> specs, long bucketBytes) {
        var bytes = new ArrayList<Long>();
        int[] bucketOf = assign(specs, bucketBytes);
        for (int i = specs.size() - 1; i >= 0; i--) {
            if (bucketOf[i] == bytes.size()) {
                bytes.add(0L);
            }
            bytes.set(bucketOf[i], bytes.get(bucketOf[i]) + specs.get(i).elements() * Float.BYTES);
        }
        return bytes;
    }

    private static int[] assign(List<ParameterSpec> specs, long bucketBytes) {
        int[] bucketOf = new int[specs.size()];
        int bucket = 0;
        long bytes = 0;
        for (int i = specs.size() - 1; i >= 0; i--) {
            if (bytes >= bucketBytes) {
                bucket++;
                bytes = 0;
            }
            bucketOf[i] = bucket;
            bytes += specs.get(i).elements() * Float.BYTES;
        }
        return bucketOf;
    }

    private List<FloatBuffer> buffers(Parameters parameters, int count) {
        FloatPointer address = flat.data_ptr_float();
        long[] ends = new long[count];
        for (int i = 0; i < bucketOf.length; i++) {
            long end = parameters.offset(i) + parameters.specs().get(i).elements();
            ends[bucketOf[i]] = Math.max(ends[bucketOf[i]], end);
        }
        var buffers = new ArrayList<FloatBuffer>();
        long begin = 0;
        for (long end : ends) {
            buffers.add(new FloatPointer(address).position(begin).limit(end).asBuffer());
            begin = end;
        }
        return buffers;
    }

    private VoidTensorHook hook(int parameter) {
        var hook = new VoidTensorHook() {
            @Override
            public void call(TensorBase gradient) {
                try (gradient;
                        var tensor = new Tensor(gradient)) {
                    arrived(parameter, tensor);
                }
            }
        };
        parameters.get(parameter).register_hook(hook);
        return hook;
    }

    /** To be called before each backward. */
    void begin() {
        missing = tensorsPerBucket.clone();
        started.clear();
        // An undefined gradient is set, a defined one would be added to.
        parameters.forEach(parameter -> parameter.mutable_grad().reset());
    }

    private void arrived(int parameter, Tensor gradient) {
        if (passes == 0) {
            torch.mul_out(views.get(parameter), gradient, share);
        } else {
            views.get(parameter).add_(gradient, share);
        }
        missing[bucketOf[parameter]]--;
        while (isLastPass() && started.size() < buckets.size() && missing[started.size()] == 0) {
            started.add(world.startSum(buckets.get(started.size())));
        }
    }

    private boolean isLastPass() {
        return passes == passesPerUpdate - 1;
    }

    /** Waits for the all-reduces under way; true if the averages are complete. To be called after each backward. */
    boolean await() {
        if (Arrays.stream(missing).anyMatch(count -> count != 0)) {
            throw new IllegalStateException("backward left parameters without gradient");
        }
        started.forEach(Pending::await);
        passes = isLastPass() ? 0 : passes + 1;
        return passes == 0;
    }

    /** The averages in the order of {@link Parameters#flat()}, valid until the next {@link #begin()}. */
    Tensor average() {
        return flat;
    }

    /** Passes accumulated for the next update; 0 if it begins anew. */
    int passes() {
        return passes;
    }

    /** As if so many passes had been accumulated to what {@link #average()} holds. */
    void resumeAfter(int accumulated) {
        passes = accumulated;
    }

    /** The next pass ends in an all-reduce. */
    void skipToLastPass() {
        passes = passesPerUpdate - 1;
    }

    /** Gives every rank the same share of what all have accumulated, so that one of them can save it. Collective. */
    void level() {
        if (passes > 0 && world.size() > 1) {
            buckets.forEach(world::sum);
            try (var size = new Scalar(world.size())) {
                flat.div_(size);
            }
        }
    }

    @Override
    public void close() {
        views.forEach(Tensor::close);
        flat.close();
        share.close();
        hooks.forEach(VoidTensorHook::close);
    }
}
