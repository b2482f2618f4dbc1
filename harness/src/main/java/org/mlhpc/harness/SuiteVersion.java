package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which program this is. */
public final class SuiteVersion {
    private static final String REFERENCE = "ref: ";
    private static final String GIT_FOLDER = "gitdir: ";

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

    /** @param dotGit a repository's folder, or the file that stands in for it in a further work tree */
    static String gitRevision(Path dotGit) {
        try {
            Path git = Files.isRegularFile(dotGit) ? pointedTo(dotGit, GIT_FOLDER) : dotGit;
            String head = Files.readString(git.resolve("HEAD")).strip();
            if (!head.startsWith(REFERENCE)) {
                return head;
            }
            String name = head.substring(REFERENCE.length());
            Path common = git.resolve("commondir");
            Path refs = Files.isRegularFile(common) ? pointedTo(common, "") : git;
            Path loose = refs.resolve(name);
            if (Files.isRegularFile(loose)) {
                return Files.readString(loose).strip();
            }
            return Files.readAllLines(refs.resolve("packed-refs")).stream()
                    .filter(line -> line.endsWith(" " + name))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /** The folder named in {@code file} behind {@code prefix}, relative to the file's own. */
    private static Path pointedTo(Path file, String prefix) throws IOException {
        String text = Files.readString(file).strip();
        return file.resolveSibling(text.startsWith(prefix) ? text.substring(prefix.length()) : text)
                .normalize();
    }
}
