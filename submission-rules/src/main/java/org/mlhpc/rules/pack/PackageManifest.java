package org.mlhpc.rules.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What was in a submission when it was made.
 *
 * @param suite version of the suite
 * @param ruleset rules it was checked with
 * @param settingsHash hash of the configuration of all runs
 * @param scores score by folder of the set of runs, unverified
 * @param sha256 by path below the folder of the submission
 */
public record PackageManifest(
        String suite,
        String ruleset,
        String settingsHash,
        SortedMap<String, Double> scores,
        SortedMap<String, String> sha256) {
    /** Its name in the folder of the submission. */
    public static final String FILE_NAME = "manifest.json";

    private static final int BUFFER_BYTES = 1 << 16;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Checksums of everything in {@code folder} but the manifest. */
    static SortedMap<String, String> checksums(Path folder) throws IOException {
        var sums = new TreeMap<String, String>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                String name = folder.relativize(file).toString();
                if (!name.equals(FILE_NAME)) {
                    sums.put(name, Files.isSymbolicLink(file) ? "a link" : sha256(file));
                }
            }
        }
        return sums;
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                var digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            var buffer = new byte[BUFFER_BYTES];
            int read = digesting.read(buffer);
            while (read >= 0) {
                read = digesting.read(buffer);
            }
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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
        if (!Files.isRegularFile(file)) {
            throw new IOException("no " + FILE_NAME + " in " + folder + ": give the folder that ./mlhpc package made");
        }
        try {
            return JSON.readValue(Files.readAllBytes(file), PackageManifest.class);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /** What differs in {@code folder} from the manifest, a line each; empty if nothing does. */
    public List<String> differences(Path folder) throws IOException {
        Map<String, String> now = checksums(folder);
        var names = new TreeSet<>(sha256.keySet());
        names.addAll(now.keySet());
        var differences = new ArrayList<String>();
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
