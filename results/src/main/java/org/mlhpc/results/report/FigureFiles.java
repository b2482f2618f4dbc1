package org.mlhpc.results.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import org.mlhpc.results.charts.Figure;

/** Pages and charts as files, each complete before it has its name. */
final class FigureFiles {
    private FigureFiles() {}

    /** Removes the figures that {@link #write} left in {@code folder}, and the folder if nothing else is in it. */
    static void remove(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.newDirectoryStream(folder, "*.{svg,png,csv}")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException e) {
            // Others' files are not touched.
            return;
        }
    }

    /** Writes each figure as SVG, PNG and CSV into {@code folder}, which is made. */
    static void write(Path folder, Collection<Figure> figures) throws IOException {
        Files.createDirectories(folder);
        for (Figure figure : figures) {
            replace(folder.resolve(figure.key() + ".svg"), figure.svg());
            replace(folder.resolve(figure.key() + ".png"), figure.png());
            replace(folder.resolve(figure.key() + ".csv"), figure.csv());
        }
    }

    static void replace(Path file, String content) throws IOException {
        replace(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.write(partial, content);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(partial);
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
