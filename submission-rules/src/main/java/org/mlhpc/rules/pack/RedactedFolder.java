package org.mlhpc.rules.pack;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder into which nothing is written that must not leave the house. */
record RedactedFolder(Path path, Redaction redaction) {
    private static final String SCRIPT = ".sh";
    private static final String LOG = ".txt";

    /** Logs are Latin-1: every byte is a character, so what is not replaced stays as it is. */
    static String read(Path log) throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    /** @param file below the folder */
    void write(Path file, String text) throws IOException {
        Path target = path.resolve(file);
        Files.createDirectories(target.getParent());
        Charset charset = file.toString().endsWith(LOG) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        Files.writeString(target, redaction.apply(text), charset);
        if (file.toString().endsWith(SCRIPT)) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Reads everything again, names included: what is written by others, and names, are not redacted on their way. */
    void requireNoLeak() throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(path)) {
            files = tree.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path name = path.relativize(file);
            Optional<String> leak = redaction.leak(read(file) + "\n" + name);
            if (leak.isPresent()) {
                throw new IOException(name + " would tell '" + leak.get() + "'; choose names without it");
            }
        }
    }
}
