package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which program this is. */
public final class SuiteVersion {
    private static final String REFERENCE = "ref: ";

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

    static String gitRevision(Path git) {
        try {
            String head = Files.readString(git.resolve("HEAD")).strip();
            if (!head.startsWith(REFERENCE)) {
                return head;
            }
            String name = head.substring(REFERENCE.length());
            Path loose = git.resolve(name);
            if (Files.isRegularFile(loose)) {
                return Files.readString(loose).strip();
            }
            return Files.readAllLines(git.resolve("packed-refs")).stream()
                    .filter(line -> line.endsWith(" " + name))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
