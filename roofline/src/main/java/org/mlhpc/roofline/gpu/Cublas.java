package org.mlhpc.roofline.gpu;

import static jcuda.jcublas.JCublas2.cublasCreate;
import static jcuda.jcublas.JCublas2.cublasDestroy;
import static jcuda.jcublas.JCublas2.cublasGemmEx_new;
import static jcuda.jcublas.JCublas2.cublasSetStream;

import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;

/** cuBLAS of CUDA 12, where the machine has it. */
record Cublas(CudaContext context, cublasHandle handle) implements GpuContext.Products {
    /** The only place that meets a missing library. */
    static Cublas open(CudaContext context) throws GpuException {
        var handle = new cublasHandle();
        try {
            check("cublasCreate", PrivateUnpacking.first(() -> cublasCreate(handle)));
        } catch (LinkageError e) {
            throw new GpuException(
                    "JCublas needs libcublas.so.12 and libcublasLt.so.12, cuBLAS of CUDA 12 and of no other, and they cannot be"
                            + " loaded",
                    "install them beside the CUDA that is there (NVIDIA's package libcublas-12-6, Debian's libcublas12 and"
                            + " libcublaslt12; clusters: module load cuda/12), and let LD_LIBRARY_PATH find them");
        }
        return new Cublas(context, handle);
    }

    private static void check(String call, int status) throws GpuException {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw GpuException.of(call, cublasStatus.stringFor(status));
        }
    }

    @Override
    public void multiply(
            GpuContext.Stream stream,
            GpuProducts.Kind kind,
            int n,
            GpuContext.Buffer a,
            GpuContext.Buffer b,
            GpuContext.Buffer c)
            throws GpuException {
        context.use();
        check("cublasSetStream", cublasSetStream(handle, new cudaStream_t(((CudaStream) stream).stream())));
        int type = type(kind);
        boolean wide = kind == GpuProducts.Kind.FP64;
        int status = cublasGemmEx_new(
                handle,
                cublasOperation.CUBLAS_OP_N,
                cublasOperation.CUBLAS_OP_N,
                n,
                n,
                n,
                wide ? Pointer.to(new double[] {1}) : Pointer.to(new float[] {1}),
                ((CudaBuffer) a).onDevice(),
                type,
                n,
                ((CudaBuffer) b).onDevice(),
                type,
                n,
                wide ? Pointer.to(new double[] {0}) : Pointer.to(new float[] {0}),
                ((CudaBuffer) c).onDevice(),
                type,
                n,
                compute(kind),
                cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
        check("cublasGemmEx", status);
    }

    private static int type(GpuProducts.Kind kind) {
        return switch (kind) {
            case FP64 -> cudaDataType.CUDA_R_64F;
            case FP32, TF32 -> cudaDataType.CUDA_R_32F;
            case FP16 -> cudaDataType.CUDA_R_16F;
            case BF16 -> cudaDataType.CUDA_R_16BF;
        };
    }

    private static int compute(GpuProducts.Kind kind) {
        return switch (kind) {
            case FP64 -> cublasComputeType.CUBLAS_COMPUTE_64F;
            case TF32 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
            case FP32, FP16, BF16 -> cublasComputeType.CUBLAS_COMPUTE_32F;
        };
    }

    @Override
    public void close() throws GpuException {
        context.use();
        check("cublasDestroy", cublasDestroy(handle));
    }
}
