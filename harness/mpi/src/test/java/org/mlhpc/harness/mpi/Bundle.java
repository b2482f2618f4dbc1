package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mlhpc.slurm.throwaway.Shell;

/**
 * A bundle of the suite as a user would unpack it: in a folder whose name has a space, with a Maven that fails and nothing that may be
 * installed.
 *
 * @param home where it lies
 * @param shell with what its programs may rely on
 */
record Bundle(Path home, Shell shell) {
    /** The checkout that it is made of. */
    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    /** Of a command. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final String MAVEN_WAS_CALLED = "maven-was-called";

    /** Makes a bundle of what Maven has packaged, and unpacks it in {@code folder}. */
    static Bundle unpack(Path folder) throws IOException, InterruptedException {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        Path maven = Files.writeString(
                programs.resolve("mvn"), "#!/bin/sh\ntouch '" + folder.resolve(MAVEN_WAS_CALLED) + "'\nexit 1\n");
        assertTrue(maven.toFile().setExecutable(true));
        var shell = new Shell(
                folder,
                Map.of(
                        "PATH",
                        programs + ":" + System.getenv("PATH"),
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "MLHPC_NO_INSTALL",
                        "1"),
                LIMIT);
        Path archive = folder.resolve("bundle.tar.gz");
        shell.run(ROOT.resolve("mlhpc").toString(), "bundle", "--packaged", "--out", archive.toString());
        Path place = Files.createDirectories(folder.resolve("my place"));
        shell.run("tar", "-C", place.toString(), "-xzf", archive.toString());
        Files.delete(archive);
        try (Stream<Path> unpacked = Files.list(place)) {
            // As on a node that sees it for the first time; the bundle itself is made with the machine's own.
            Path cache = folder.resolve("cache");
            return new Bundle(unpacked.findFirst().orElseThrow(), shell.with("MLHPC_CACHE", cache.toString()));
        }
    }

    /** Runs its {@code ./mlhpc} in {@code in}. */
    Shell.Ended mlhpc(Shell in, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(home.resolve("mlhpc").toString()));
        command.addAll(List.of(arguments));
        return in.end(command);
    }

    /** Runs its {@code ./mlhpc} outside of any batch job, which is to end with this code. */
    void mlhpc(int code, String... arguments) throws IOException, InterruptedException {
        mlhpc(shell, arguments).assertCode(code);
    }

    /** Nothing was built, nor written to where the bundle lies. */
    void assertUntouched() throws IOException, InterruptedException {
        assertTrue(Files.notExists(shell.folder().resolve(MAVEN_WAS_CALLED)), "Maven was called");
        shell.run("sh", "-c", "cd \"$0\" && sha256sum --quiet -c SHA256SUMS", home.toString());
        String files = shell.run("sh", "-c", "find \"$0\" -type f | wc -l", home.toString());
        assertEquals(Files.readAllLines(home.resolve("SHA256SUMS")).size() + 1, Integer.parseInt(files));
    }
}
