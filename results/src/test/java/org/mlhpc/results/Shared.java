package org.mlhpc.results;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Published submissions and facts about them, which are not part of the project. */
public final class Shared {
    private static final String LOCATION = "mlhpc.shared";

    private Shared() {}

    /** The folder; the test is skipped where it is absent. */
    public static Path folder() {
        String given = System.getProperty(LOCATION);
        Optional<Path> found = given != null
                ? Optional.of(Path.of(given))
                : Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
                        .map(folder -> folder.resolve("shared"))
                        .filter(folder -> Files.isDirectory(folder.resolve("published")))
                        .findFirst();
        assumeTrue(found.isPresent(), "needs the published logs in ../shared, or -D" + LOCATION + "=FOLDER");
        return found.get();
    }

    /** Unpacks results and systems of a round, such as v1.0, into {@code target}. */
    public static void unpack(String round, Path target) throws IOException {
        Path archive = folder().resolve("published").resolve(round + ".tar.xz");
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                var tar = new TarArchiveInputStream(new XZInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName().replaceFirst("^(\\./)?" + round + "/", "");
                if (entry.isFile() && name.matches("[^/]+/(results|systems)/.*\\.(txt|json)")) {
                    Path out = target.resolve(name);
                    Files.createDirectories(out.getParent());
                    Files.copy(tar, out);
                }
            }
        }
    }

    /** Rows of a table of facts without quoted cells, by column. */
    public static List<Map<String, String>> table(String name) throws IOException {
        List<String> lines = Files.readAllLines(folder().resolve("facts").resolve(name));
        String[] columns = lines.get(0).split(",", -1);
        var rows = new ArrayList<Map<String, String>>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            var row = new HashMap<String, String>();
            for (int i = 0; i < columns.length; i++) {
                row.put(columns[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }
}
