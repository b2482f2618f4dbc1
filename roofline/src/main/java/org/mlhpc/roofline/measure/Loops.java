package org.mlhpc.roofline.measure;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mlhpc.roofline.kernels.KernelCompiler;
import org.mlhpc.roofline.kernels.KernelRuns;
import org.mlhpc.roofline.kernels.NativeKernels;

/** The loops in C if they can be compiled here, else those in Java. */
final class Loops implements Closeable {
    private final Path folder;
    private final KernelRuns runs;
    private double highestHertz;
    private final String whyJava;

    private Loops(Path folder, KernelRuns runs, String whyJava) {
        this.folder = folder;
        this.runs = runs;
        this.whyJava = whyJava;
    }

    /** @param javaOnly does without the loops in C */
    static Loops prepare(boolean javaOnly, String compiler, Effort effort) throws IOException {
        Path folder = Files.createTempDirectory("mlhpc-kernels");
        Path library = null;
        String whyJava = "loops in Java were asked for";
        if (!javaOnly) {
            try {
                library = KernelCompiler.compile(compiler, folder);
                NativeKernels.load(library);
            } catch (IOException | UnsatisfiedLinkError e) {
                library = null;
                whyJava = String.valueOf(e.getMessage());
            }
        }
        return new Loops(folder, new KernelRuns(library, effort.iterations(), effort.iterationMillis()), whyJava);
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
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
