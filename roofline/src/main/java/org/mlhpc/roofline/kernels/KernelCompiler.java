package org.mlhpc.roofline.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Makes libraries of the loops in C. */
public final class KernelCompiler {
    private static final List<String> OPTIONS = List.of("-O3", "-ffp-contract=fast", "-shared", "-fPIC", "-o");
    private static final List<String> OF_THIS_PROCESSOR = List.of("-march=native");
    private static final int LIMIT_SECONDS = 60;

    private KernelCompiler() {}

    /**
     * The library of {@code kernels.c}, in {@code folder}.
     *
     * @param compiler a program such as {@code cc}
     * @throws IOException if there is no compiler or it refuses; the message says what it said
     */
    public static Path compile(String compiler, Path folder) throws IOException {
        try (InputStream text =
                Objects.requireNonNull(KernelCompiler.class.getResourceAsStream("kernels.c"), "kernels.c")) {
            return compile(compiler, text, folder, OF_THIS_PROCESSOR);
        }
    }

    /**
     * The library of {@code text}, in {@code folder}, for any processor of this kind.
     *
     * @param compiler a program such as {@code mpicc}
     * @param text C
     * @throws IOException as above
     */
    public static Path compile(String compiler, InputStream text, Path folder) throws IOException {
        return compile(compiler, text, folder, List.of());
    }

    private static Path compile(String compiler, InputStream text, Path folder, List<String> further)
            throws IOException {
        Path source = folder.resolve("source.c");
        Path library = folder.resolve("compiled.so");
        Files.copy(text, source);
        Path log = folder.resolve("compiler.log");
        var command = new ArrayList<String>(List.of(compiler));
        command.addAll(further);
        command.addAll(OPTIONS);
        command.add(library.toString());
        command.add(source.toString());
        run(command, log);
        return library;
    }

    private static void run(List<String> command, Path log) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().remove("LD_PRELOAD");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("no C compiler '" + command.get(0) + "'", e);
        }
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the C compiler failed: "
                        + Files.readString(log).lines().findFirst().orElse("no message"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
