package org.mlhpc.roofline.measure;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private final Map<Integer, Double> highestHertz = new TreeMap<>();
    private final Optional<Refusal> refusal;

    /** Why there are no loops in C although they were wanted. */
    record Refusal(String why, String fix) {}

    private Loops(Scratch scratch, KernelRuns runs, Optional<Refusal> refusal) {
        this.scratch = scratch;
        this.runs = runs;
        this.refusal = refusal;
    }

    /** @param javaOnly does without the loops in C */
    static Loops prepare(boolean javaOnly, String compiler, Effort effort) throws IOException {
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
        return new Loops(scratch, new KernelRuns(library, effort.iterations(), effort.iterationMillis()), refusal);
    }

    KernelRuns runs() {
        return runs;
    }

    /** Why the loops are in Java; empty if they are not, or if that was asked for. */
    Optional<Refusal> refusal() {
        return refusal;
    }

    /**
     * The highest clock seen so far while so many threads work, the mean of theirs, read again at each call as it drifts; empty
     * if it cannot be measured.
     */
    Optional<Double> clockHertz(int threads) {
        if (!runs.isNative()) {
            return Optional.empty();
        }
        double hertz = highestHertz.merge(threads, LoadedClock.hertz(threads), Math::max);
        return Optional.of(hertz).filter(known -> known > 0);
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
