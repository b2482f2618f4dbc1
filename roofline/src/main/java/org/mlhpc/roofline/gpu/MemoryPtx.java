package org.mlhpc.roofline.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Kernels that go through arrays of doubles, two by two, as often as they are told. Threads stride through the arrays together, so that
 * neighbours touch neighbouring bytes. Loads pass by L1 ({@code .cg}), which would otherwise serve small arrays.
 */
enum MemoryPtx {
    /** Adds up the words of {@code a} as integers modulo 2^64; thread t leaves its part in word t of {@code out}. */
    READ(1),
    /** {@code out = a}. */
    COPY(2),
    /** {@code out = a + 3 b}. */
    TRIAD(3);

    static final double FACTOR = 3;

    private static final int CAPABILITY = 70;
    private static final int THREADS = 256;
    private static final int BLOCKS = 4;
    /** Loads of a thread that are under way at once. */
    private static final int UNROLLED = 4;

    private final int arrays;

    MemoryPtx(int arrays) {
        this.arrays = arrays;
    }

    /** Arrays that the kernel goes through. */
    int arrays() {
        return arrays;
    }

    /** Parameters: addresses of out, a, b; bytes of each array; passes. */
    PtxKernel kernel() {
        String name = name().toLowerCase(Locale.ROOT);
        return PtxKernel.of(name, "6.0", CAPABILITY, false, THREADS, BLOCKS, "out a b bytes passes", body());
    }

    private String body() {
        return """
                .reg .pred %more;
                .reg .b32 %thread, %block, %size, %grid;
                .reg .b64 %out, %a, %b, %bytes, %passes, %first, %offset, %stride, %ahead, %last, %own, %sum;
                .reg .b64 %o<4>, %p<4>, %q<4>, %x<4>, %y<4>;
                .reg .f64 %u<4>, %v<4>, %s<4>, %t<4>, %factor;
                ld.param.u64 %out, [out];
                ld.param.u64 %a, [a];
                ld.param.u64 %b, [b];
                ld.param.u64 %bytes, [bytes];
                ld.param.u64 %passes, [passes];
                mov.u32 %thread, %tid.x;
                mov.u32 %block, %ctaid.x;
                mov.u32 %size, %ntid.x;
                mov.u32 %grid, %nctaid.x;
                mad.lo.u32 %thread, %block, %size, %thread;
                mul.wide.u32 %first, %thread, 16;
                mul.wide.u32 %own, %thread, 8;
                mul.lo.u32 %grid, %grid, %size;
                mul.wide.u32 %stride, %grid, 16;
                mul.lo.u64 %ahead, %stride, 3;
                sub.s64 %last, %bytes, %ahead;
                mov.u64 %sum, 0;
                mov.f64 %factor, 0d4008000000000000;
                PASS:
                mov.u64 %offset, %first;
                setp.ge.s64 %more, %offset, %last;
                @%more bra REST;
                MANY:
                """
                + step(UNROLLED)
                + """
                setp.lt.s64 %more, %offset, %last;
                @%more bra MANY;
                REST:
                setp.ge.s64 %more, %offset, %bytes;
                @%more bra DONE;
                ONE:
                """
                + step(1)
                + """
                setp.lt.s64 %more, %offset, %bytes;
                @%more bra ONE;
                DONE:
                sub.u64 %passes, %passes, 1;
                setp.ne.u64 %more, %passes, 0;
                @%more bra PASS;
                """
                + (this == READ ? "add.u64 %out, %out, %own;\nst.global.u64 [%out], %sum;\n" : "")
                + "ret;\n";
    }

    /** All loads, then all arithmetic and stores, at {@code %offset} and the next strides. */
    private String step(int vectors) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < vectors; i++) {
            lines.add("mov.u64 %o" + i + ", %offset");
            lines.add("add.u64 %offset, %offset, %stride");
        }
        for (int i = 0; i < vectors; i++) {
            lines.addAll(loads(i));
        }
        for (int i = 0; i < vectors; i++) {
            lines.addAll(uses(i));
        }
        return String.join(";\n", lines) + ";\n";
    }

    private List<String> loads(int i) {
        var lines = new ArrayList<>(List.of("add.u64 %p" + i + ", %a, %o" + i));
        if (this == TRIAD) {
            lines.add("add.u64 %q" + i + ", %b, %o" + i);
            lines.add("ld.global.cg.v2.f64 {%u" + i + ", %v" + i + "}, [%p" + i + "]");
            lines.add("ld.global.cg.v2.f64 {%s" + i + ", %t" + i + "}, [%q" + i + "]");
        } else {
            lines.add("ld.global.cg.v2.u64 {%x" + i + ", %y" + i + "}, [%p" + i + "]");
        }
        return lines;
    }

    private List<String> uses(int i) {
        String store = "add.u64 %p" + i + ", %out, %o" + i;
        return switch (this) {
            case READ -> List.of("add.u64 %sum, %sum, %x" + i, "add.u64 %sum, %sum, %y" + i);
            case COPY -> List.of(store, "st.global.v2.u64 [%p" + i + "], {%x" + i + ", %y" + i + "}");
            case TRIAD ->
                List.of(
                        "fma.rn.f64 %u" + i + ", %s" + i + ", %factor, %u" + i,
                        "fma.rn.f64 %v" + i + ", %t" + i + ", %factor, %v" + i,
                        store,
                        "st.global.v2.f64 [%p" + i + "], {%u" + i + ", %v" + i + "}");
        };
    }
}
