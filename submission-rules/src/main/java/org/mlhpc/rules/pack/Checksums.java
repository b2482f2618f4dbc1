package org.mlhpc.rules.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a folder holds: SHA-256 by path. Folders and links have their kind instead, and links are not followed. */
final class Checksums {
    private static final int BUFFER_BYTES = 1 << 16;

    private Checksums() {}

    /** Of everything in {@code folder} but the manifest. */
    static SortedMap<String, String> of(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(folder)) {
            paths = tree.filter(path -> !path.equals(folder)).toList();
        }
        var sums = new TreeMap<String, String>();
        for (Path path : paths) {
            String name = folder.relativize(path).toString();
            if (!name.equals(PackageManifest.FILE_NAME)) {
                sums.put(name, of(path, name));
            }
        }
        return sums;
    }

    private static String of(Path path, String name) throws IOException {
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return ofFile(path);
        }
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "folder" : "no file: " + name;
    }

    private static String ofFile(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                var digesting = new DigestInputStream(in, sha256())) {
            var buffer = new byte[BUFFER_BYTES];
            int read = digesting.read(buffer);
            while (read >= 0) {
                read = digesting.read(buffer);
            }
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        }
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
