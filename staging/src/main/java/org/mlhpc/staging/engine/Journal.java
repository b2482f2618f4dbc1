package org.mlhpc.staging.engine;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.files.SourceFile;

/**
 * Which files of a destination are finished, one line each, appended after the file has its name. Each rank of a node
 * writes a journal of its own; together they say what need not be staged again.
 */
final class Journal implements Closeable {
    private static final String PREFIX = "journal-";
    private static final Pattern LINE =
            Pattern.compile("(copied|unpacked) ([0-9]+) ([0-9a-f]{8}) ([0-9]+) ([0-9]+) (-?[0-9]+) (.+)");

    private static final String ANNOUNCEMENT = "naming-";

    private final FileChannel channel;
    private final Path announcement;

    /**
     * A finished file.
     *
     * @param source as it was when it was read
     * @param staged what is at the destination
     * @param unpacked whether GZIP files were to be decompressed
     * @param finishedMillis when, by the clock of the node: the last line about a file holds
     */
    record Line(SourceFile source, Manifest.Entry staged, boolean unpacked, long finishedMillis) {
        private String format() {
            return String.format(
                    "%s %d %08x %d %d %d %s\n",
                    unpacked ? "unpacked" : "copied",
                    finishedMillis,
                    staged.crc32c(),
                    staged.bytes(),
                    source.bytes(),
                    source.modifiedMicros(),
                    source.path());
        }

        private static Optional<Line> parse(String text) {
            Matcher fields = LINE.matcher(text);
            if (!fields.matches()) {
                return Optional.empty();
            }
            var source = new SourceFile(
                    fields.group(7),
                    Long.parseLong(fields.group(5)),
                    Long.parseLong(fields.group(6)),
                    OptionalLong.empty());
            var staged = new Manifest.Entry(Long.parseLong(fields.group(4)), Long.parseLong(fields.group(3), 16));
            boolean unpacked = fields.group(1).equals("unpacked");
            return Optional.of(new Line(source, staged, unpacked, Long.parseLong(fields.group(2))));
        }
    }

    private Journal(FileChannel channel, Path announcement) {
        this.channel = channel;
        this.announcement = announcement;
    }

    /** Goes on with the journal of rank {@code member} of the node. */
    static Journal open(Path state, int member) throws IOException {
        Path file = state.resolve(PREFIX + member);
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            if (endsWithinALine(file)) {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            return new Journal(channel, state.resolve(ANNOUNCEMENT + member));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A process that was killed, or a full disk, can leave half a line. */
    private static boolean endsWithinALine(Path file) throws IOException {
        try (var reader = new RandomAccessFile(file.toFile(), "r")) {
            if (reader.length() == 0) {
                return false;
            }
            reader.seek(reader.length() - 1);
            return reader.read() != '\n';
        }
    }

    /** What all journals in {@code state} say, by path; what cannot be understood counts as not finished. */
    static Map<String, Line> read(Path state) throws IOException {
        var lines = new HashMap<String, Line>();
        try (DirectoryStream<Path> journals = Files.newDirectoryStream(state, PREFIX + "*")) {
            for (Path journal : journals) {
                String text = Files.readString(journal, StandardCharsets.UTF_8);
                int complete = text.lastIndexOf('\n') + 1;
                text.substring(0, complete)
                        .lines()
                        .flatMap(line -> Line.parse(line).stream())
                        .forEach(line -> lines.merge(line.source().path(), line, Journal::later));
            }
        }
        return lines;
    }

    private static Line later(Line one, Line other) {
        return one.finishedMillis() > other.finishedMillis() ? one : other;
    }

    /** Says which files are about to get their names: one that has it, but no line, then is known not to be foreign. */
    void announce(List<Line> lines) throws IOException {
        Files.write(
                announcement, lines.stream().map(line -> line.source().path()).toList());
    }

    /** What was announced last by each rank. */
    static Set<String> announced(Path state) throws IOException {
        var paths = new HashSet<String>();
        try (DirectoryStream<Path> announcements = Files.newDirectoryStream(state, ANNOUNCEMENT + "*")) {
            for (Path file : announcements) {
                Files.readString(file, StandardCharsets.UTF_8).lines().forEach(paths::add);
            }
        }
        return paths;
    }

    /** Appends lines, and returns when they are on the device. */
    void append(List<Line> lines) throws IOException {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line.format()));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
