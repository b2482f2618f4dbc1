package org.mlhpc.roofline.gpu;

import java.util.Arrays;
import java.util.List;
import org.mlhpc.roofline.gpu.PtxProgram.Operand;
import org.mlhpc.roofline.gpu.PtxProgram.Statement;

/**
 * Runs the part of PTX that our kernels use, thread after thread, and counts FLOP and bytes of vector accesses, as they happen. Products of
 * matrix units are not those of the hardware: any whole function of the operands shows whether results grow as they should.
 */
final class PtxInterpreter {
    private static final long WORD = 0xffffffffL;

    /** What the kernel reads and writes; addresses outside of it are errors. */
    interface Memory {
        long load(long address, int bytes) throws GpuException;

        void store(long address, int bytes, long value) throws GpuException;
    }

    private final PtxProgram program;
    private final Memory memory;
    private final boolean[] shared;
    private final long[] values;
    private final boolean[] known;
    private double flop;
    private double bytes;

    PtxInterpreter(String text, Memory memory) {
        this.memory = memory;
        program = new PtxProgram(text);
        shared = new boolean[program.sharedBytes()];
        for (String special : List.of("%tid.x", "%ctaid.x", "%ntid.x", "%nctaid.x", "%clock64", "operands")) {
            program.slot(special);
        }
        program.parameters().forEach(program::slot);
        values = new long[program.slots()];
        known = new boolean[values.length];
    }

    double flop() {
        return flop;
    }

    double bytes() {
        return bytes;
    }

    void run(int blocks, int threads, long... arguments) throws GpuException {
        for (int block = 0; block < blocks; block++) {
            Arrays.fill(shared, false);
            for (int thread = 0; thread < threads; thread++) {
                Arrays.fill(known, false);
                set("%tid.x", thread);
                set("%ctaid.x", block);
                set("%ntid.x", threads);
                set("%nctaid.x", blocks);
                set("operands", 0);
                for (int i = 0; i < arguments.length; i++) {
                    set(program.parameters().get(i), arguments[i]);
                }
                runThread();
            }
        }
    }

    private void set(String name, long value) {
        set(new Operand(program.slot(name), 0), value);
    }

    private void set(Operand operand, long value) {
        values[operand.slot()] = value;
        known[operand.slot()] = true;
    }

    private long value(Operand operand) {
        if (operand.slot() >= 0 && !known[operand.slot()]) {
            throw new IllegalStateException("slot " + operand.slot() + " is read before it is set");
        }
        return operand.offset() + (operand.slot() < 0 ? 0 : values[operand.slot()]);
    }

    private long value(Statement at, int operand) {
        return value(at.operands().get(operand).get(0));
    }

    /** A statement takes a cycle. */
    private void runThread() throws GpuException {
        var clock = new Operand(program.slot("%clock64"), 0);
        long cycle = 0;
        int next = 0;
        while (true) {
            Statement at = program.statements().get(next++);
            set(clock, cycle++);
            if (at.guard() >= 0 && value(new Operand(at.guard(), 0)) == 0) {
                continue;
            }
            switch (at.opcode().get(0)) {
                case "ret" -> {
                    return;
                }
                case "bra" -> next = at.target();
                case "ld" -> load(at);
                case "st" -> store(at);
                case "fma" -> fma(at);
                case "mma", "wmma" -> product(at);
                case "wgmma" -> group(at);
                case "fence", "bar" -> {}
                default -> set(at.operands().get(0).get(0), result(at));
            }
        }
    }

    /** Of what has one result that depends on values alone. */
    private long result(Statement at) {
        long b = value(at, 1);
        long c = at.operands().size() > 2 ? value(at, 2) : 0;
        return switch (at.opcode().get(0)) {
            case "mov" -> b;
            case "cvt" -> b & WORD;
            case "add" -> at.opcode().contains("rn") ? sum(at, b, c) : narrow(at, b + c);
            case "sub" -> narrow(at, b - c);
            case "and" -> b & c;
            case "or" -> b | c;
            case "shl" -> narrow(at, b << c);
            case "shr" -> b >>> c;
            case "mul" -> at.opcode().contains("wide") ? (b & WORD) * (c & WORD) : narrow(at, b * c);
            case "mad" -> narrow(at, b * c + value(at, 3));
            case "setp" -> holds(at.opcode().get(1), b, c) ? 1 : 0;
            default -> throw new IllegalStateException("no instruction " + at.opcode());
        };
    }

    private static long narrow(Statement at, long value) {
        return at.last().endsWith("32") ? value & WORD : value;
    }

    private static boolean holds(String comparison, long b, long c) {
        return switch (comparison) {
            case "ge" -> b >= c;
            case "lt" -> b < c;
            case "ne" -> b != c;
            case "eq" -> b == c;
            default -> throw new IllegalStateException("no comparison " + comparison);
        };
    }

    private static long sum(Statement at, long b, long c) {
        return at.last().equals("f64")
                ? Double.doubleToRawLongBits(Double.longBitsToDouble(b) + Double.longBitsToDouble(c))
                : single(single(b) + single(c));
    }

    private static float single(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static long single(float value) {
        return Integer.toUnsignedLong(Float.floatToRawIntBits(value));
    }

    private static int width(Statement at) {
        return at.last().endsWith("64") ? Long.BYTES : Integer.BYTES;
    }

    private void count(Statement at) {
        bytes += at.opcode().contains("v2") ? width(at) : 0;
    }

    private void load(Statement at) throws GpuException {
        long address = value(at, 1);
        for (Operand target : at.operands().get(0)) {
            boolean parameter = at.opcode().contains("param");
            set(target, parameter ? address : memory.load(address, width(at)));
            address += width(at);
            count(at);
        }
    }

    private void store(Statement at) throws GpuException {
        long address = value(at, 0);
        for (Operand source : at.operands().get(1)) {
            if (at.opcode().contains("shared")) {
                Arrays.fill(shared, (int) address, (int) address + width(at), true);
            } else {
                memory.store(address, width(at), value(source));
            }
            address += width(at);
            count(at);
        }
    }

    private void fma(Statement at) {
        long x = value(at, 1);
        long y = value(at, 2);
        long z = value(at, 3);
        long result =
                switch (at.last()) {
                    case "f64" ->
                        Double.doubleToRawLongBits(Math.fma(
                                Double.longBitsToDouble(x), Double.longBitsToDouble(y), Double.longBitsToDouble(z)));
                    case "f32" -> single(Math.fma(single(x), single(y), single(z)));
                    case "f16x2" -> Halves.fma(x, y, z, Numbers.FP16, 10, 15);
                    case "bf16x2" -> Halves.fma(x, y, z, Numbers.BF16, 7, 127);
                    default -> throw new IllegalStateException("no fma of " + at.last());
                };
        set(at.operands().get(0).get(0), result);
        flop += at.flop();
    }

    /** The last thread of a block has filled shared memory: only its products can see all of it. */
    private void group(Statement at) {
        if (!at.opcode().contains("mma_async")) {
            return;
        }
        boolean last =
                value(new Operand(program.slot("%tid.x"), 0)) + 1 == value(new Operand(program.slot("%ntid.x"), 0));
        for (boolean filled : shared) {
            if (last && !filled) {
                throw new IllegalStateException("a part of the operands was not brought to shared memory");
            }
        }
        product(at);
    }

    private void product(Statement at) {
        boolean wide = at.last().equals("f64");
        long growth = 1 + (value(at, 1) & 7) + (value(at, 2) & 7);
        for (Operand sum : at.operands().get(0)) {
            long old = value(sum);
            set(
                    sum,
                    wide
                            ? Double.doubleToRawLongBits(Double.longBitsToDouble(old) + growth)
                            : single(single(old) + growth));
        }
        flop += at.flop();
    }
}
