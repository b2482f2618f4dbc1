package org.mlhpc.rules.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mlhpc.results.tree.Folder;

/**
 * What was in a submission when it was made.
 *
 * @param program version and git revision of the suite that made the runs
 * @param ruleset rules it was checked with
 * @param settingsHash SHA-256 of the settings of all runs
 * @param scores score by folder of the set of runs, unverified
 * @param sha256 by path below the folder of the submission; "folder" for a folder
 * @param manifestSha256 of all the above
 */
public record PackageManifest(
        String program,
        String ruleset,
        String settingsHash,
        SortedMap<String, Double> scores,
        SortedMap<String, String> sha256,
        String manifestSha256) {
    /** Its name in the folder of the submission. */
    public static final String FILE_NAME = "manifest.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    static PackageManifest of(
            String program,
            String ruleset,
            String settingsHash,
            SortedMap<String, Double> scores,
            SortedMap<String, String> sha256)
            throws IOException {
        var open = new PackageManifest(program, ruleset, settingsHash, scores, sha256, "");
        return new PackageManifest(program, ruleset, settingsHash, scores, sha256, open.checksum());
    }

    /** Of everything but itself. */
    private String checksum() throws IOException {
        return Checksums.of(
                JSON.writeValueAsBytes(new PackageManifest(program, ruleset, settingsHash, scores, sha256, "")));
    }

    void write(Path folder) throws IOException {
        Files.write(folder.resolve(FILE_NAME), JSON.writeValueAsBytes(this));
    }

    /**
     * Reads the manifest of a submission.
     *
     * @throws IOException if there is none or it is damaged
     */
    public static PackageManifest read(Path folder) throws IOException {
        Path file = folder.resolve(FILE_NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("no " + FILE_NAME + " in " + folder + ": give the folder that ./mlhpc package made");
        }
        try {
            PackageManifest manifest = JSON.readValue(Files.readAllBytes(file), PackageManifest.class);
            if (manifest == null
                    || manifest.sha256 == null
                    || manifest.scores == null
                    || manifest.manifestSha256 == null) {
                throw new IOException(file + " is damaged: it lacks scores or checksums");
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /** How many files it lists. */
    public long files() {
        return sha256.values().stream().filter(sum -> !sum.equals("folder")).count();
    }

    /** What differs in {@code folder} from the manifest, a line each; empty if nothing does. */
    public List<String> differences(Path folder) throws IOException {
        var differences = new ArrayList<String>();
        if (!checksum().equals(manifestSha256)) {
            differences.add(FILE_NAME + " was changed");
        }
        var now = new TreeMap<>(Checksums.of(Folder.given(folder)));
        var names = new TreeSet<>(sha256.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            String before = sha256.get(name);
            String after = now.get(name);
            if (before == null) {
                differences.add(name + " was added");
            } else if (after == null) {
                differences.add(name + " is missing");
            } else if (!before.equals(after)) {
                differences.add(name + " was changed");
            }
        }
        return differences;
    }
}
