package org.mlhpc.rules;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Tells compressed files by their first bytes. They are not unpacked: what is in them may be of any size. */
final class Compression {
    static final int LONGEST_MAGIC_BYTES = 6;

    /** First bytes by the name of the format. */
    private static final Map<String, byte[]> MAGIC = new LinkedHashMap<>();

    static {
        MAGIC.put("gzip", HexFormat.of().parseHex("1f8b"));
        MAGIC.put("xz", HexFormat.of().parseHex("fd377a585a00"));
        MAGIC.put("zstd", HexFormat.of().parseHex("28b52ffd"));
        MAGIC.put("bzip2", HexFormat.of().parseHex("425a68"));
        MAGIC.put("zip", HexFormat.of().parseHex("504b0304"));
    }

    private Compression() {}

    /** The format of what {@code in} brings, if it is compressed; the bytes stay in the stream. */
    static Optional<String> of(BufferedInputStream in) throws IOException {
        in.mark(LONGEST_MAGIC_BYTES);
        byte[] start = in.readNBytes(LONGEST_MAGIC_BYTES);
        in.reset();
        return MAGIC.entrySet().stream()
                .filter(format -> startsWith(start, format.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean startsWith(byte[] start, byte[] magic) {
        return start.length >= magic.length && Arrays.equals(magic, Arrays.copyOf(start, magic.length));
    }
}
