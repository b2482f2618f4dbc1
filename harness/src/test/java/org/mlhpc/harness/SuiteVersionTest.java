package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteVersionTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path git;

    @Test
    void readsABranch() throws IOException {
        Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.createDirectories(git.resolve("refs/heads"));
        Files.writeString(git.resolve("refs/heads/main"), COMMIT + "\n");
        assertEquals(COMMIT, SuiteVersion.gitRevision(git));
    }

    @Test
    void readsAPackedBranch() throws IOException {
        Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.writeString(git.resolve("packed-refs"), "# pack-refs\n" + COMMIT + " refs/heads/main\n");
        assertEquals(COMMIT, SuiteVersion.gitRevision(git));
    }

    @Test
    void readsADetachedHead() throws IOException {
        Files.writeString(git.resolve("HEAD"), COMMIT + "\n");
        assertEquals(COMMIT, SuiteVersion.gitRevision(git));
    }

    @Test
    void readsAFurtherWorkTree() throws IOException {
        Path worktree = Files.createDirectories(git.resolve("worktrees/w"));
        Files.writeString(worktree.resolve("HEAD"), "ref: refs/heads/topic\n");
        Files.writeString(worktree.resolve("commondir"), "../..\n");
        Files.createDirectories(git.resolve("refs/heads"));
        Files.writeString(git.resolve("refs/heads/topic"), COMMIT + "\n");
        Path dotGit = Files.writeString(git.resolve("dot"), "gitdir: " + worktree + "\n");
        assertEquals(COMMIT, SuiteVersion.gitRevision(dotGit));
    }

    @Test
    void readsTheDescriptionOfABundle() throws IOException {
        Path bundle = Files.writeString(git.resolve("bundle.properties"), "version=1\ngit_revision=" + COMMIT + "\n");
        assertEquals(COMMIT, SuiteVersion.bundledRevision(bundle));
        assertEquals("", SuiteVersion.bundledRevision(git.resolve("nosuch")));
    }

    @Test
    void isEmptyOutsideOfARepository() {
        assertEquals("", SuiteVersion.gitRevision(git.resolve("nosuch")));
    }

    @Test
    void isEmptyWhereTheFileOfAFurtherWorkTreeSaysNothing() throws IOException {
        assertEquals("", SuiteVersion.gitRevision(Files.writeString(git.resolve("dot"), "")));
    }
}
