package org.mlhpc.roofline.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Products on matrix units, D = A B + D, by a warp: one A, several B and as many independent D, all in registers. Operands are whole
 * numbers, so that D is exact and grows in proportion to the repeats.
 *
 * @param precision of the operands; sums are fp32, of fp64 operands fp64
 * @param instruction up to its operands
 * @param flop of one instruction, two per multiply-add
 * @param a registers of an operand by thread; likewise {@code b} and {@code d}
 * @param version of PTX that has the instruction
 * @param capability from which devices have it
 */
record MatrixPtx(
        Numbers precision, String instruction, double flop, int a, int b, int d, String version, int capability) {
    static final int SETS = 4;
    static final int ROUNDS = 8;
    static final int WARP = 32;

    private static final int THREADS = 256;
    private static final int BLOCKS = 2;

    /** For each precision the widest first. */
    private static final List<MatrixPtx> ALL = List.of(
            of(Numbers.FP16, "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", 16, 8, 16, 4, 2, 4, "7.0", 80),
            of(Numbers.FP16, "wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32", 16, 16, 16, 8, 8, 8, "6.3", 70),
            of(Numbers.BF16, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 16, 8, 16, 4, 2, 4, "7.0", 80),
            of(Numbers.TF32, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", 16, 8, 8, 4, 2, 4, "7.0", 80),
            of(Numbers.FP64, "mma.sync.aligned.m16n8k16.row.col.f64.f64.f64.f64", 16, 8, 16, 8, 4, 4, "7.8", 90),
            of(Numbers.FP64, "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64", 8, 8, 4, 1, 1, 2, "7.0", 80));

    private static MatrixPtx of(
            Numbers precision,
            String instruction,
            int m,
            int n,
            int k,
            int a,
            int b,
            int d,
            String version,
            int capability) {
        return new MatrixPtx(precision, instruction, 2.0 * m * n * k, a, b, d, version, capability);
    }

    static List<MatrixPtx> all() {
        return ALL;
    }

    /** The widest instruction that a device has for a precision; empty if it has none. */
    static Optional<MatrixPtx> of(Numbers precision, GpuDevice device) {
        return ALL.stream()
                .filter(kind -> kind.precision == precision && kind.capability <= device.capability())
                .findFirst();
    }

    /** FLOP of one thread by repeat: its share of its warp's. */
    double flopPerRepeat() {
        return flop * SETS * ROUNDS / WARP;
    }

    /** Registers of operands that each thread of a warp loads. */
    int operands() {
        return a + SETS * b;
    }

    private boolean wide() {
        return precision == Numbers.FP64;
    }

    /** Bytes of an operand's register. */
    int registerBytes() {
        return wide() ? Double.BYTES : Integer.BYTES;
    }

    /** What a thread leaves in {@code out}. */
    Numbers sums() {
        return wide() ? Numbers.FP64 : Numbers.FP32;
    }

    /** Parameters: addresses of out and in, repeats. Lane l loads its operands from in[l * operands()]; thread t leaves the sum of its D. */
    PtxKernel kernel() {
        String name = "matrix_" + precision.name().toLowerCase(Locale.ROOT);
        return PtxKernel.of(name, version, capability, false, THREADS, BLOCKS, "out in repeats", body());
    }

    private String body() {
        var lines = new ArrayList<String>(List.of(
                ".reg .pred %more",
                ".reg .b32 %thread, %lane, %block, %size",
                ".reg .b64 %out, %in, %repeats, %own",
                ".reg " + operandType() + " %a<" + a + ">, %b<" + SETS * b + ">",
                ".reg ." + sumType() + " %d<" + SETS * d + ">",
                "ld.param.u64 %out, [out]",
                "ld.param.u64 %in, [in]",
                "ld.param.u64 %repeats, [repeats]",
                "mov.u32 %thread, %tid.x",
                "and.b32 %lane, %thread, " + (WARP - 1),
                "mul.wide.u32 %own, %lane, " + operands() * registerBytes(),
                "add.u64 %in, %in, %own"));
        for (int i = 0; i < operands(); i++) {
            String register = i < a ? "%a" + i : "%b" + (i - a);
            lines.add("ld.global" + operandType() + " " + register + ", [%in+" + i * registerBytes() + "]");
        }
        for (int i = 0; i < SETS * d; i++) {
            lines.add("mov." + sumType() + " %d" + i + (wide() ? ", 0d0000000000000000" : ", 0f00000000"));
        }
        return String.join(";\n", lines) + ";\nLOOP:\n" + String.join(";\n", loop()) + ";\n";
    }

    private String operandType() {
        return wide() ? ".f64" : ".b32";
    }

    private String sumType() {
        return wide() ? "f64" : "f32";
    }

    private List<String> loop() {
        var lines = new ArrayList<String>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int set = 0; set < SETS; set++) {
                String sums = registers("%d", set * d, d);
                lines.add(instruction + " " + sums + ", " + registers("%a", 0, a) + ", " + registers("%b", set * b, b)
                        + ", " + sums);
            }
        }
        lines.addAll(List.of("sub.u64 %repeats, %repeats, 1", "setp.ne.u64 %more, %repeats, 0", "@%more bra LOOP"));
        for (int i = 1; i < SETS * d; i++) {
            lines.add("add.rn." + sumType() + " %d0, %d0, %d" + i);
        }
        lines.addAll(List.of(
                "mov.u32 %block, %ctaid.x",
                "mov.u32 %size, %ntid.x",
                "mad.lo.u32 %thread, %block, %size, %thread",
                "mul.wide.u32 %own, %thread, " + sums().bytes(),
                "add.u64 %out, %out, %own",
                "st.global." + sumType() + " [%out], %d0",
                "ret"));
        return lines;
    }

    static String registers(String prefix, int first, int count) {
        return Stream.iterate(first, i -> i + 1)
                .limit(count)
                .map(i -> prefix + i)
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
