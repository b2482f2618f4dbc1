package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the launcher's scripts treat an unpacked bundle, here one of empty files, in a folder whose name has a space. */
class BundleScriptTest {
    private static final Path SCRIPTS = Path.of("launcher").toAbsolutePath();

    @TempDir
    private Path folder;

    private Path bundle;

    @BeforeEach
    void unpack() throws Exception {
        bundle = Files.createDirectories(folder.resolve("my bundle"));
        Files.createDirectories(bundle.resolve("lib"));
        Files.writeString(bundle.resolve("lib/a.jar"), "");
        Files.writeString(bundle.resolve("lib/b.jar"), "");
        Files.writeString(bundle.resolve("SHA256SUMS"), "00  lib/a.jar\n00  lib/b.jar\n");
        Files.writeString(bundle.resolve("bundle.properties"), "platform=linux-x86_64-gpu\ngit_revision=abc\n");
    }

    /** Output and exit code of {@code commands} in the launcher of the bundle; archiving classes is left out. */
    private String shell(String commands) throws Exception {
        String start = "home='" + bundle + "'; launcher='" + SCRIPTS
                + "'; HOSTTYPE=x86_64 OSTYPE=linux-gnu; unset LD_LIBRARY_PATH\n"
                + "for part in common jdk mpi allocator build job bundle; do . \"$launcher/$part.sh\"; done\n"
                + "archive_bundle() { :; }\n";
        var builder = new ProcessBuilder("bash", "-c", start + "(" + commands + "); echo \"exit $?\"")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("MLHPC_CACHE", folder.resolve("cache").toString());
        // Those of the tests themselves.
        builder.environment().keySet().removeAll(List.of("LD_PRELOAD", "MALLOC_CONF", "MLHPC_ALLOCATOR"));
        Process bash = builder.start();
        bash.getOutputStream().close();
        var output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(bash.waitFor(30, TimeUnit.SECONDS), "the shell ends");
        return output;
    }

    private static void assertRefused(String output, int code, String... parts) {
        assertTrue(output.endsWith("exit " + code + "\n"), output);
        for (String part : parts) {
            assertTrue(output.contains(part), output);
        }
    }

    @Test
    void itsClassPathIsWhereItLiesAndNothingIsBuilt() throws Exception {
        String output = shell("require_maven() { fail 9 built; }; build_if_needed ''; print_class_path");

        assertEquals(bundle + "/lib/a.jar:" + bundle + "/lib/b.jar\nexit 0\n", output);
    }

    @Test
    void anotherPlatformIsRefused() throws Exception {
        assertRefused(
                shell("HOSTTYPE=aarch64; build_if_needed ''"), 3, "is for linux-x86_64-gpu, and this is linux-aarch64");
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        Files.delete(bundle.resolve("lib/b.jar"));
        assertRefused(shell("build_if_needed ''"), 3, "lib/b.jar", "unpack the archive again");

        Files.delete(bundle.resolve("SHA256SUMS"));
        assertRefused(shell("build_if_needed ''"), 3, "SHA256SUMS", "unpack the archive again");
    }

    @Test
    void severalRanksNeedABundleMadeWithOpenMpi() throws Exception {
        assertRefused(shell("build_if_needed /some/mpi.jar"), 3, "made without Open MPI");

        Files.createDirectories(bundle.resolve("mpi-lib"));
        assertEquals("exit 0\n", shell("build_if_needed /some/mpi.jar"));
    }

    @Test
    void itsJavaBindingsServeTheVersionThatTheyWereCompiledFor() throws Exception {
        Path jar = Files.createDirectories(bundle.resolve("openmpi-4.1.4-3")).resolve("mpi.jar");
        Files.writeString(jar, "");
        String look = "mpirun=/nowhere/bin/mpirun; ompi_libdir() { echo /nowhere/lib; }; debian_mpi_version() { echo ";

        assertEquals(jar + "\nexit 0\n", shell(look + "4.1.4-3; }; find_mpi_jar"));
        assertEquals("exit 1\n", shell(look + "4.1.9-9; }; find_mpi_jar"));
    }

    @Test
    void itsAllocatorIsPreloadedInSpiteOfTheSpace() throws Exception {
        Path installed = Path.of("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2");
        assumeTrue(Files.exists(installed), installed + " is missing (Debian: libjemalloc2)");
        Files.createDirectories(bundle.resolve("native"));
        Files.copy(installed, bundle.resolve("native/libjemalloc.so.2"));
        String preloaded = "find_jemalloc() { return 1; }; find_tcmalloc() { return 1; }; choose_allocator;"
                + " mapfile -t lines < <(allocator_environment); env \"${lines[@]}\" grep -m1 -o '[^/]*/native/libjemalloc.*' /proc/self/maps";

        assertEquals("my bundle/native/libjemalloc.so.2\nexit 0\n", shell(preloaded));

        // Such as one that needs a newer C library.
        Files.writeString(bundle.resolve("native/libjemalloc.so.2"), "no library");
        assertEquals(
                "glibc\nexit 0\n",
                shell(
                        "find_jemalloc() { return 1; }; find_tcmalloc() { return 1; }; choose_allocator; echo $allocator_name"));
    }

    @Test
    void testsAndBundlesNeedACheckout() throws Exception {
        assertRefused(shell("make_bundle"), 2, "use a checkout");
    }

    @Test
    void anArchiveThatIsThereIsNotReplaced() throws Exception {
        Files.writeString(folder.resolve("mine.tar.gz"), "precious");
        assertRefused(shell("make_bundle --out mine.tar.gz"), 2, "mine.tar.gz exists");
        assertRefused(shell("make_bundle --out mine.zip"), 2, "mine.zip", ".tar.gz");
        assertRefused(shell("make_bundle --out"), 2, "wants a file name");
        assertEquals("precious", Files.readString(folder.resolve("mine.tar.gz")));
    }
}
