package org.mlhpc.roofline.gpu;

import static jcuda.driver.JCudaDriver.CU_MEMHOSTALLOC_PORTABLE;
import static jcuda.driver.JCudaDriver.cuCtxEnablePeerAccess;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static org.mlhpc.roofline.gpu.CudaDriver.check;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;

/** The primary context of a device: the one that other libraries of this process use too. */
final class CudaContext implements GpuContext {
    private final GpuDevice device;
    private final CUdevice handle;
    private final CUcontext context;
    private final List<CUmodule> modules = new ArrayList<>();

    private CudaContext(GpuDevice device, CUdevice handle, CUcontext context) {
        this.device = device;
        this.handle = handle;
        this.context = context;
    }

    static CudaContext open(GpuDevice device, CUdevice handle) throws GpuException {
        var context = new CUcontext();
        check("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context, handle));
        return new CudaContext(device, handle, context);
    }

    /** A CUDA kernel. */
    record Loaded(PtxKernel source, CUfunction function) implements Kernel {}

    @Override
    public GpuDevice device() {
        return device;
    }

    CUcontext handle() {
        return context;
    }

    /** Contexts belong to threads, and another one may have been used since: every call that depends on it sets it first. */
    void use() throws GpuException {
        check("cuCtxSetCurrent", cuCtxSetCurrent(context));
    }

    @Override
    public long freeBytes() throws GpuException {
        use();
        long[] free = {0};
        long[] total = {0};
        check("cuMemGetInfo", cuMemGetInfo(free, total));
        return free[0];
    }

    @Override
    public Buffer allocate(long bytes) throws GpuException {
        use();
        var address = new CUdeviceptr();
        check("cuMemAlloc of " + bytes + " bytes", cuMemAlloc(address, bytes));
        return new CudaBuffer(this, address, bytes, false);
    }

    @Override
    public Buffer pin(long bytes) throws GpuException {
        use();
        var address = new Pointer();
        check("cuMemHostAlloc of " + bytes + " bytes", cuMemHostAlloc(address, bytes, CU_MEMHOSTALLOC_PORTABLE));
        return new CudaBuffer(this, address, bytes, true);
    }

    @Override
    public Kernel load(PtxKernel kernel) throws GpuException {
        use();
        var module = new CUmodule();
        check("cuModuleLoadData of " + kernel.name(), cuModuleLoadData(module, kernel.text()));
        modules.add(module);
        var function = new CUfunction();
        check("cuModuleGetFunction of " + kernel.name(), cuModuleGetFunction(function, module, kernel.name()));
        return new Loaded(kernel, function);
    }

    @Override
    public Stream stream() throws GpuException {
        use();
        var stream = new CUstream();
        check("cuStreamCreate", cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
        return new CudaStream(this, stream);
    }

    @Override
    public Products products() throws GpuException {
        use();
        return Cublas.open(this);
    }

    @Override
    public void reach(GpuContext peer) throws GpuException {
        use();
        int result = cuCtxEnablePeerAccess(((CudaContext) peer).context, 0);
        if (result != CUresult.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED) {
            check(
                    "cuCtxEnablePeerAccess from " + device.index() + " to "
                            + peer.device().index(),
                    result);
        }
    }

    @Override
    public void close() throws GpuException {
        var releases = new ArrayList<Releases.Call>();
        releases.add(this::use);
        for (CUmodule module : modules) {
            releases.add(() -> check("cuModuleUnload", cuModuleUnload(module)));
        }
        releases.add(() -> check("cuDevicePrimaryCtxRelease", cuDevicePrimaryCtxRelease(handle)));
        Releases.all(releases);
    }
}
