package org.mlhpc.roofline.gpu;

import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemsetD32;
import static org.mlhpc.roofline.gpu.CudaDriver.check;

import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/**
 * Memory of a device, or pinned memory of the host. Of the latter nothing but copying is asked.
 *
 * @param address a {@link CUdeviceptr} unless on the host
 */
record CudaBuffer(CudaContext context, Pointer address, long bytes, boolean onHost) implements GpuContext.Buffer {
    CUdeviceptr onDevice() {
        if (address instanceof CUdeviceptr device) {
            return device;
        }
        throw new IllegalStateException("this memory is the host's");
    }

    @Override
    public void fill(int word) throws GpuException {
        context.use();
        check("cuMemsetD32", cuMemsetD32(onDevice(), word, bytes / Integer.BYTES));
        check("cuCtxSynchronize", cuCtxSynchronize());
    }

    @Override
    public void write(byte[] content) throws GpuException {
        context.use();
        check("cuMemcpyHtoD", cuMemcpyHtoD(onDevice(), Pointer.to(content), content.length));
        check("cuCtxSynchronize", cuCtxSynchronize());
    }

    @Override
    public byte[] read(long offset, int length) throws GpuException {
        context.use();
        check("cuCtxSynchronize", cuCtxSynchronize());
        byte[] content = new byte[length];
        check("cuMemcpyDtoH", cuMemcpyDtoH(Pointer.to(content), onDevice().withByteOffset(offset), length));
        return content;
    }

    @Override
    public void close() throws GpuException {
        context.use();
        if (onHost) {
            check("cuMemFreeHost", cuMemFreeHost(address));
        } else {
            check("cuMemFree", cuMemFree(onDevice()));
        }
    }
}
