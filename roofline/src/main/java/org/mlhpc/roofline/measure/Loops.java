package org.mlhpc.roofline.measure;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.mlhpc.api.FileErrors;
import org.mlhpc.roofline.Scratch;
import org.mlhpc.roofline.kernels.KernelCompiler;
import org.mlhpc.roofline.kernels.KernelRuns;
import org.mlhpc.roofline.kernels.NativeKernels;

/** The loops in C if they can be compiled here, else those in Java. */
final class Loops implements Closeable {
    private final Scratch scratch;
    private final KernelRuns runs;
    private double highestHertz;
    private final String whyJava;

    private Loops(Scratch scratch, KernelRuns runs, String whyJava) {
        this.scratch = scratch;
        this.runs = runs;
        this.whyJava = whyJava;
    }

    /** @param javaOnly does without the loops in C */
    static Loops prepare(boolean javaOnly, String compiler, Effort effort) throws IOException {
        Scratch scratch = Scratch.create("mlhpc-kernels");
        Path library = null;
        String whyJava = "loops in Java were asked for";
        if (!javaOnly) {
            try {
                library = KernelCompiler.compile(compiler, scratch.folder());
                NativeKernels.load(library);
            } catch (IOException | UnsatisfiedLinkError e) {
                library = null;
                whyJava = FileErrors.message(e);
            }
        }
        return new Loops(scratch, new KernelRuns(library, effort.iterations(), effort.iterationMillis()), whyJava);
    }

    KernelRuns runs() {
        return runs;
    }

    /** Why the loops are in Java; of no meaning if they are not. */
    String whyJava() {
        return whyJava;
    }

    /** The highest clock seen so far, read again at each call as it drifts; empty if it cannot be measured. */
    Optional<Double> clockHertz() {
        if (runs.isNative()) {
            highestHertz = Math.max(highestHertz, NativeKernels.clockHertz());
        }
        return Optional.of(highestHertz).filter(hertz -> hertz > 0);
    }

    String condition() {
        return runs.isNative()
                ? "loops in C, compiled on this machine, under JMH"
                : "loops in Java under JMH: they cannot store past the caches, so DRAM copy and triad also read what they"
                        + " overwrite (" + whyJava + ")";
    }

    @Override
    public void close() throws IOException {
        scratch.close();
    }
}
