package org.mlhpc.harness;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

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

    /** The commit that is checked out where the launcher lies, or that its bundle is of; empty if neither is known. */
    static String gitRevision() {
        String home = System.getProperty("mlhpc.home", "");
        if (home.isEmpty()) {
            return "";
        }
        Path bundle = Path.of(home, "bundle.properties");
        return Files.exists(bundle) ? bundledRevision(bundle) : gitRevision(Path.of(home, ".git"));
    }

    /** @param bundle description that {@code ./mlhpc bundle} wrote */
    static String bundledRevision(Path bundle) {
        var properties = new Properties();
        try (Reader in = Files.newBufferedReader(bundle)) {
            properties.load(in);
        } catch (IOException e) {
            return "";
        }
        return properties.getProperty("git_revision", "");
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
