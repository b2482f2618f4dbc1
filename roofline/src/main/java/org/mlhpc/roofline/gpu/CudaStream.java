package org.mlhpc.roofline.gpu;

import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyPeerAsync;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.mlhpc.roofline.gpu.CudaDriver.check;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;

/** A stream of a context. */
record CudaStream(CudaContext context, CUstream stream) implements GpuContext.Stream {
    private static final double SECONDS_PER_MILLISECOND = 1e-3;

    @Override
    public void launch(GpuContext.Kernel kernel, List<GpuContext.Buffer> buffers, long... numbers) throws GpuException {
        context.use();
        PtxKernel source = kernel.source();
        Pointer[] parameters = Stream.concat(
                        buffers.stream().map(buffer -> Pointer.to(((CudaBuffer) buffer).onDevice())),
                        LongStream.of(numbers).mapToObj(number -> Pointer.to(new long[] {number})))
                .toArray(Pointer[]::new);
        int result = cuLaunchKernel(
                ((CudaContext.Loaded) kernel).function(),
                source.blocks(context.device()),
                1,
                1,
                source.threads(),
                1,
                1,
                0,
                stream,
                Pointer.to(parameters),
                null);
        check("cuLaunchKernel of " + source.name(), result);
    }

    @Override
    public void copy(GpuContext.Buffer to, GpuContext.Buffer from) throws GpuException {
        context.use();
        var target = (CudaBuffer) to;
        var source = (CudaBuffer) from;
        long bytes = Math.min(target.bytes(), source.bytes());
        if (target.onHost()) {
            check("cuMemcpyDtoHAsync", cuMemcpyDtoHAsync(target.address(), source.onDevice(), bytes, stream));
        } else if (source.onHost()) {
            check("cuMemcpyHtoDAsync", cuMemcpyHtoDAsync(target.onDevice(), source.address(), bytes, stream));
        } else {
            check(
                    "cuMemcpyPeerAsync",
                    cuMemcpyPeerAsync(
                            target.onDevice(),
                            target.context().handle(),
                            source.onDevice(),
                            source.context().handle(),
                            bytes,
                            stream));
        }
    }

    @Override
    public GpuContext.Event record() throws GpuException {
        context.use();
        var event = new CUevent();
        check("cuEventCreate", cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT));
        var mark = new Mark(context, event);
        int result = cuEventRecord(event, stream);
        if (result != CUresult.CUDA_SUCCESS) {
            Releases.all(List.of(() -> check("cuEventRecord", result), mark::close));
        }
        return mark;
    }

    @Override
    public void await(GpuContext.Event event) throws GpuException {
        context.use();
        check("cuStreamWaitEvent", cuStreamWaitEvent(stream, ((Mark) event).event, 0));
    }

    @Override
    public void close() throws GpuException {
        context.use();
        check("cuStreamDestroy", cuStreamDestroy(stream));
    }

    private record Mark(CudaContext context, CUevent event) implements GpuContext.Event {
        @Override
        public double secondsSince(GpuContext.Event earlier) throws GpuException {
            context.use();
            check("cuEventSynchronize", cuEventSynchronize(event));
            float[] milliseconds = {0};
            check("cuEventElapsedTime", cuEventElapsedTime(milliseconds, ((Mark) earlier).event, event));
            return milliseconds[0] * SECONDS_PER_MILLISECOND;
        }

        @Override
        public void close() throws GpuException {
            context.use();
            check("cuEventDestroy", cuEventDestroy(event));
        }
    }
}
