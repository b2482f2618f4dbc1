package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which program this is. */
public final class SuiteVersion {
    private static final String REFERENCE = "ref: ";
    private static final String LINK = "gitdir:";

    private SuiteVersion() {}

    /** The version of the built jar, or "development" outside of one. */
    public static String version() {
        String version = SuiteVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** The commit that is checked out where the launcher lies; empty if that is no git repository. */
    static String gitRevision() {
        String home = System.getProperty("mlhpc.home", "");
        return home.isEmpty() ? "" : gitRevision(Path.of(home, ".git"));
    }

    /** @param git the folder of a repository, or the file that a linked work tree has in its place */
    static String gitRevision(Path git) {
        try {
            if (!Files.isRegularFile(git)) {
                return gitRevision(git, git);
            }
            Path own = git.resolveSibling(
                    Files.readString(git).strip().substring(LINK.length()).strip());
            return gitRevision(
                    own, own.resolve(Files.readString(own.resolve("commondir")).strip()));
        } catch (IOException | IndexOutOfBoundsException e) {
            return "";
        }
    }

    /** @param common where the branches are */
    private static String gitRevision(Path own, Path common) throws IOException {
        String head = Files.readString(own.resolve("HEAD")).strip();
        if (!head.startsWith(REFERENCE)) {
            return head;
        }
        String name = head.substring(REFERENCE.length());
        Path loose = common.resolve(name);
        if (Files.isRegularFile(loose)) {
            return Files.readString(loose).strip();
        }
        return Files.readAllLines(common.resolve("packed-refs")).stream()
                .filter(line -> line.endsWith(" " + name))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElse("");
    }
}
