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
     * The library of {@code kernels.c}, in {@code folder}, for the processor that this runs on.
     *
     * @param compiler a program such as {@code cc}
     * @throws IOException if there is no compiler or it refuses; the message says what it said
     */
    public static Path compile(String compiler, Path folder) throws IOException {
        return compileKernels(compiler, folder, OF_THIS_PROCESSOR);
    }

    /** As {@link #compile(String, Path)}, with these options in the place of those for this processor. */
    static Path compileKernels(String compiler, Path folder, List<String> further) throws IOException {
        try (InputStream text =
                Objects.requireNonNull(KernelCompiler.class.getResourceAsStream("kernels.c"), "kernels.c")) {
            return compile(compiler, text, folder, further);
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
        // Messages in English, since they are looked through.
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("no C compiler '" + command.get(0) + "'", e);
        }
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(
                        "the C compiler '" + command.get(0) + "' had not ended after " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException("the C compiler '" + command.get(0) + "' failed: " + firstError(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The line that says what is wrong: before it compilers name the function that it is in. */
    private static String firstError(Path log) throws IOException {
        List<String> lines = Files.readString(log).lines().toList();
        return lines.stream()
                .filter(line -> line.contains("error"))
                .findFirst()
                .or(() -> lines.stream().findFirst())
                .orElse("no message");
    }
}
