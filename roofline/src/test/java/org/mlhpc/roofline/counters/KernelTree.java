package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder that stands for the root of a machine. */
abstract class KernelTree {
    @TempDir
    private Path root;

    KernelFiles kernel;

    @BeforeEach
    void prepare() {
        kernel = new KernelFiles(root);
    }

    Path path(String relative) {
        return root.resolve(relative);
    }

    void write(String relative, String text) throws IOException {
        Path file = path(relative);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    static Map<String, Long> values(RegisterSource source) throws IOException {
        return source.registers().stream().collect(Collectors.toMap(Register::key, Register::value));
    }
}
