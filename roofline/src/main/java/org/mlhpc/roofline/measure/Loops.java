package org.mlhpc.roofline.measure;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.mlhpc.api.FileErrors;
import org.mlhpc.roofline.Scratch;
import org.mlhpc.roofline.kernels.KernelCompiler;
import org.mlhpc.roofline.kernels.KernelRuns;
import org.mlhpc.roofline.kernels.LoadedClock;
import org.mlhpc.roofline.kernels.NativeKernels;

/** The loops in C if they can be compiled here, else those in Java. */
final class Loops implements Closeable {
    private final Scratch scratch;
    private final KernelRuns runs;
    private final IntToDoubleFunction clock;
    private final Map<Integer, Double> highestHertz = new TreeMap<>();
    private final Optional<Refusal> refusal;

    /** Why there are no loops in C although they were wanted. */
    record Refusal(String why, String fix) {}

    /** Rates of each iteration. */
    @FunctionalInterface
    interface Measurement {
        double[] rates() throws IOException;
    }

    private Loops(Scratch scratch, KernelRuns runs, IntToDoubleFunction clock, Optional<Refusal> refusal) {
        this.scratch = scratch;
        this.runs = runs;
        this.clock = clock;
        this.refusal = refusal;
    }

    /** @param javaOnly does without the loops in C */
    static Loops prepare(boolean javaOnly, String compiler, Effort effort) throws IOException {
        return prepare(javaOnly, compiler, effort, LoadedClock::hertz);
    }

    /** @param clock in hertz under so many threads; 0 if it cannot be measured */
    static Loops prepare(boolean javaOnly, String compiler, Effort effort, IntToDoubleFunction clock)
            throws IOException {
        Scratch scratch = Scratch.create("mlhpc-kernels");
        Path library = null;
        Optional<Refusal> refusal = Optional.empty();
        if (!javaOnly) {
            try {
                Path compiled = KernelCompiler.compile(compiler, scratch.folder());
                NativeKernels.load(compiled);
                library = compiled;
            } catch (IOException e) {
                String fix = "put a C compiler '" + compiler + "' that works, such as that of gcc, first on the PATH";
                refusal = Optional.of(new Refusal(FileErrors.message(e), fix));
            } catch (UnsatisfiedLinkError e) {
                String fix = "choose a folder for temporary files that programs may be run from:"
                        + " MLHPC_JAVA_OPTS=-Djava.io.tmpdir=DIR";
                refusal = Optional.of(new Refusal(FileErrors.message(e), fix));
            }
        }
        var runs = new KernelRuns(library, effort.iterations(), effort.iterationMillis());
        return new Loops(scratch, runs, clock, refusal);
    }

    KernelRuns runs() {
        return runs;
    }

    /** Why the loops are in Java; empty if they are not, or if that was asked for. */
    Optional<Refusal> refusal() {
        return refusal;
    }

    /** Measures between two readings of the clock, as it drifts: after one reading that is too low, a true rate is a fault. */
    double[] clocked(int threads, Measurement measurement) throws IOException {
        readClock(threads);
        double[] rates = measurement.rates();
        readClock(threads);
        return rates;
    }

    private void readClock(int threads) {
        if (runs.isNative()) {
            highestHertz.merge(threads, clock.applyAsDouble(threads), Math::max);
        }
    }

    /** The highest clock read so far while so many threads work, the mean of theirs; empty if it cannot be measured. */
    Optional<Double> clockHertz(int threads) {
        if (!highestHertz.containsKey(threads)) {
            readClock(threads);
        }
        return Optional.ofNullable(highestHertz.get(threads)).filter(hertz -> hertz > 0);
    }

    String condition() {
        return runs.isNative()
                ? "loops in C, compiled on this machine, under JMH"
                : "loops in Java under JMH: they cannot store past the caches, so DRAM copy and triad also read what they"
                        + " overwrite (" + refusal.map(Refusal::why).orElse("loops in Java were asked for") + ")";
    }

    @Override
    public void close() throws IOException {
        scratch.close();
    }
}
