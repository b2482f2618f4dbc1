package org.mlhpc.harness.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Files in which Linux tells about the machine, below a root that tests can choose. What is missing is empty. */
public record SystemTree(Path root) {
    private static final int LONGEST_FILE_BYTES = 1 << 22;

    /** The files of the machine that this process runs on. */
    public static SystemTree ofThisNode() {
        return new SystemTree(Path.of("/"));
    }

    /** The text of a file without the white space around it. */
    String text(String file) {
        try (var in = Files.newInputStream(root.resolve(file))) {
            return new String(in.readNBytes(LONGEST_FILE_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Values of the lines {@code key: value}, each once. */
    static Set<String> values(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.substring(0, Math.max(0, line.indexOf(':')))
                        .strip()
                        .equals(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    List<String> lines(String file) {
        return text(file).lines().toList();
    }

    OptionalLong number(String file) {
        String text = text(file);
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    boolean exists(String file) {
        return Files.exists(root.resolve(file));
    }

    /** Names in a folder, sorted. */
    List<String> names(String folder) {
        var names = new ArrayList<String>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(folder))) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException e) {
            return List.of();
        }
        names.sort(null);
        return names;
    }
}
