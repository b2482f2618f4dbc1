package org.mlhpc.results.report;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.mlhpc.results.charts.Figure;
import org.mlhpc.roofline.WholeFile;

/** Charts as files, each complete before it has its name. */
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
            WholeFile.write(folder.resolve(figure.key() + ".svg"), figure.svg());
            WholeFile.write(folder.resolve(figure.key() + ".png"), figure.png());
            WholeFile.write(folder.resolve(figure.key() + ".csv"), figure.csv());
        }
    }
}
