package org.mlhpc.roofline.gpu;

import java.util.ArrayList;
import java.util.List;

/** Multiply-adds on registers: independent chains of a contracting map, x = x / 2 + 1 / 4, so that values stay ordinary numbers. */
enum FmaPtx {
    FP64("fp64", "f64", ".f64", Double.BYTES, 1, "6.0", 70),
    FP32("fp32", "f32", ".f32", Float.BYTES, 1, "6.0", 70),
    /** Two to a register, as the units do them. */
    FP16("fp16", "f16x2", ".b32", Integer.BYTES, 2, "6.0", 70),
    BF16("bf16", "bf16x2", ".b32", Integer.BYTES, 2, "7.0", 80);

    static final int CHAINS = 8;
    /** Multiply-adds of a chain by repeat. */
    static final int ROUNDS = 16;
    /** Where all chains arrive, to the last bit, after some sixty multiply-adds. */
    static final double FIXED_POINT = 0.5;

    private static final int THREADS = 256;
    private static final int BLOCKS = 4;

    private final String precision;
    private final String type;
    private final String register;
    private final int bytes;
    private final int lanes;
    private final String version;
    private final int capability;

    FmaPtx(String precision, String type, String register, int bytes, int lanes, String version, int capability) {
        this.precision = precision;
        this.type = type;
        this.register = register;
        this.bytes = bytes;
        this.lanes = lanes;
        this.version = version;
        this.capability = capability;
    }

    String precision() {
        return precision;
    }

    /** Bytes of what a thread leaves in {@code out}. */
    int bytes() {
        return bytes;
    }

    /** FLOP of one thread by repeat, two per multiply-add. */
    double flopPerRepeat() {
        return 2.0 * CHAINS * ROUNDS * lanes;
    }

    /**
     * Parameters: addresses of out, in and cycles, repeats. Thread t leaves the sum of its chains in out[t], the first one the clock
     * cycles of its loop in cycles[0].
     */
    PtxKernel kernel() {
        String name = "fma_" + precision;
        return PtxKernel.of(name, version, capability, false, THREADS, BLOCKS, "out in cycles repeats", body());
    }

    private String body() {
        var lines = new ArrayList<String>(List.of(
                ".reg .pred %more",
                ".reg .b32 %thread, %block, %size",
                ".reg .b64 %out, %in, %cycles, %repeats, %own, %begin, %end",
                ".reg " + register + " %x<" + CHAINS + ">, %half, %quarter, %one",
                "ld.param.u64 %out, [out]",
                "ld.param.u64 %in, [in]",
                "ld.param.u64 %cycles, [cycles]",
                "ld.param.u64 %repeats, [repeats]"));
        for (int i = 0; i < CHAINS; i++) {
            lines.add(load("%x" + i, i));
        }
        lines.add(load("%half", CHAINS));
        lines.add(load("%quarter", CHAINS + 1));
        lines.add(load("%one", CHAINS + 2));
        lines.add("mov.u64 %begin, %clock64");
        return String.join(";\n", lines) + ";\nLOOP:\n" + String.join(";\n", loop()) + ";\n";
    }

    /** Constants come out of memory, so that no compiler can know them. */
    private String load(String register, int index) {
        return "ld.global." + (lanes == 1 ? type : "b32") + " " + register + ", [%in+" + index * bytes + "]";
    }

    private List<String> loop() {
        var lines = new ArrayList<String>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < CHAINS; i++) {
                lines.add("fma.rn." + type + " %x" + i + ", %x" + i + ", %half, %quarter");
            }
        }
        lines.addAll(List.of(
                "sub.u64 %repeats, %repeats, 1",
                "setp.ne.u64 %more, %repeats, 0", "@%more bra LOOP", "mov.u64 %end, %clock64"));
        for (int i = 1; i < CHAINS; i++) {
            lines.add("fma.rn." + type + " %x0, %x" + i + ", %one, %x0");
        }
        lines.addAll(List.of(
                "mov.u32 %thread, %tid.x",
                "mov.u32 %block, %ctaid.x",
                "mov.u32 %size, %ntid.x",
                "mad.lo.u32 %thread, %block, %size, %thread",
                "mul.wide.u32 %own, %thread, " + bytes,
                "add.u64 %out, %out, %own",
                "st.global." + (lanes == 1 ? type : "b32") + " [%out], %x0",
                "setp.eq.u32 %more, %thread, 0",
                "sub.u64 %end, %end, %begin",
                "@%more st.global.u64 [%cycles], %end",
                "ret"));
        return lines;
    }
}
