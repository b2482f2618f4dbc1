package org.mlhpc.roofline.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Products on matrix units of capability 9.0 by a warp group of 128 threads, D = A B + D with 64 x 256 sums in registers and operands in
 * shared memory. The peak of such devices is meant for these; others measured two thirds of it with those of {@link MatrixPtx} (Luo et
 * al., arXiv:2402.13499).
 */
enum GroupMatrixPtx {
    FP16(Numbers.FP16, "m64n256k16.f32.f16.f16", 16, ", 0, 0"),
    BF16(Numbers.BF16, "m64n256k16.f32.bf16.bf16", 16, ", 0, 0"),
    TF32(Numbers.TF32, "m64n256k8.f32.tf32.tf32", 8, "");

    static final int ROUNDS = 8;

    private static final int THREADS = 128;
    private static final int BLOCKS = 2;
    private static final int M = 64;
    private static final int N = 256;
    private static final int SUMS = M * N / THREADS;
    private static final int CAPABILITY = 90;
    /** Eight rows of 16 bytes lie together; so do the two blocks of a row of A or B, one after the other. */
    private static final long CORE_BYTES = 128;

    private static final int ROW_BYTES = 32;
    private static final int UNIT = 16;

    private final Numbers precision;
    private final String shape;
    private final int k;
    private final String notTransposed;

    GroupMatrixPtx(Numbers precision, String shape, int k, String notTransposed) {
        this.precision = precision;
        this.shape = shape;
        this.k = k;
        this.notTransposed = notTransposed;
    }

    Numbers precision() {
        return precision;
    }

    /** FLOP of one thread by repeat: its share of its group's. */
    double flopPerRepeat() {
        return 2.0 * M * N * k * ROUNDS / THREADS;
    }

    /** Of A and B together. */
    int operandBytes() {
        return (M + N) * ROW_BYTES;
    }

    /** Parameters: addresses of out and in, repeats. Thread t leaves the sum of its D, an fp32 number, in out[t]. */
    PtxKernel kernel() {
        String name = "group_matrix_" + precision.name().toLowerCase(Locale.ROOT);
        return PtxKernel.of(name, "8.0", CAPABILITY, true, THREADS, BLOCKS, "out in repeats", body());
    }

    private String body() {
        return """
                .reg .pred %more, %add;
                .reg .b32 %thread, %block, %size, %word, %at, %base;
                .reg .b64 %out, %in, %repeats, %own, %descA, %descB, %fixed;
                .reg .f32 %d<@SUMS>;
                .shared .align 128 .b8 operands[@BYTES];
                ld.param.u64 %out, [out];
                ld.param.u64 %in, [in];
                ld.param.u64 %repeats, [repeats];
                mov.u32 %thread, %tid.x;
                mov.u32 %base, operands;
                shl.b32 %at, %thread, 2;
                FILL:
                cvt.u64.u32 %own, %at;
                add.u64 %own, %in, %own;
                ld.global.b32 %word, [%own];
                add.u32 %size, %base, %at;
                st.shared.b32 [%size], %word;
                add.u32 %at, %at, @STEP;
                setp.lt.u32 %more, %at, @BYTES;
                @%more bra FILL;
                fence.proxy.async.shared::cta;
                bar.sync 0;
                """
                        .replace("@SUMS", String.valueOf(SUMS))
                        .replace("@BYTES", String.valueOf(operandBytes()))
                        .replace("@STEP", String.valueOf(THREADS * Integer.BYTES))
                + descriptors()
                + IntStream.range(0, SUMS)
                        .mapToObj(i -> "mov.f32 %d" + i + ", 0f00000000;\n")
                        .collect(Collectors.joining())
                + String.join(";\n", loop())
                + ";\n";
    }

    /**
     * Matrix descriptors of the PTX manual: address, distance of the blocks of a row, distance of the rows of blocks, each in units of
     * 16 bytes at bits 0, 16 and 32; not swizzled.
     */
    private static String descriptors() {
        long fixed = ((CORE_BYTES / UNIT) << 16) | ((2 * CORE_BYTES / UNIT) << 32);
        return """
                shr.u32 %word, %base, 4;
                and.b32 %word, %word, 16383;
                cvt.u64.u32 %descA, %word;
                mov.u64 %fixed, @FIXED;
                or.b64 %descA, %descA, %fixed;
                add.u64 %descB, %descA, @B;
                setp.eq.u32 %add, 0, 0;
                """
                .replace("@FIXED", String.valueOf(fixed))
                .replace("@B", String.valueOf(M * ROW_BYTES / UNIT));
    }

    private List<String> loop() {
        String sums = MatrixPtx.registers("%d", 0, SUMS);
        var lines = new ArrayList<>(List.of("LOOP:\nwgmma.fence.sync.aligned"));
        for (int round = 0; round < ROUNDS; round++) {
            lines.add("wgmma.mma_async.sync.aligned." + shape + " " + sums + ", %descA, %descB, %add, 1, 1"
                    + notTransposed);
        }
        lines.addAll(List.of(
                "wgmma.commit_group.sync.aligned",
                "wgmma.wait_group.sync.aligned 0",
                "sub.u64 %repeats, %repeats, 1",
                "setp.ne.u64 %more, %repeats, 0",
                "@%more bra LOOP"));
        for (int i = 1; i < SUMS; i++) {
            lines.add("add.rn.f32 %d0, %d0, %d" + i);
        }
        lines.addAll(List.of(
                "mov.u32 %block, %ctaid.x",
                "mov.u32 %size, %ntid.x",
                "mad.lo.u32 %thread, %block, %size, %thread",
                "mul.wide.u32 %own, %thread, 4",
                "add.u64 %out, %out, %own",
                "st.global.f32 [%out], %d0",
                "ret"));
        return lines;
    }
}
