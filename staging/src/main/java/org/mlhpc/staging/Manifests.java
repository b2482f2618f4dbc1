package org.mlhpc.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.engine.Destination;
import org.mlhpc.staging.files.Inventory;
import org.mlhpc.staging.files.NodePlace;
import org.mlhpc.staging.files.SourceFile;

/** Writes the manifest of a staged data set. */
final class Manifests {
    private Manifests() {}

    /** The manifest of what this node has, which says that it is complete: the source's, if that is what it has. */
    static void write(Path folder, Inventory inventory, List<SourceFile> files, NodePlace place, boolean unpacked)
            throws IOException {
        boolean whole = files.size() == inventory.files().size();
        if (!inventory.manifest().isEmpty() && whole && !unpacked) {
            writeText(folder, inventory.manifest(), files);
        } else {
            compose(folder, inventory, files, whole ? "" : place.node() + " of " + place.nodes(), unpacked);
        }
    }

    /** The manifest of the source, byte by byte; {@code files} must be in the journal. */
    private static void writeText(Path folder, String text, List<SourceFile> files) throws IOException {
        Destination.entries(folder, files);
        Path target = folder.resolve(Manifest.FILE_NAME);
        if (Files.isRegularFile(target) && Files.readString(target).equals(text)) {
            return;
        }
        Manifest.write(folder, text);
    }

    /**
     * A manifest of what is there, by the checksums of the journal.
     *
     * @param part which part of the data set this is; empty for all of it
     */
    private static void compose(Path folder, Inventory inventory, List<SourceFile> files, String part, boolean unpacked)
            throws IOException {
        SortedMap<String, String> properties = new TreeMap<>();
        inventory
                .manifest()
                .lines()
                .filter(line -> line.startsWith("# "))
                .map(line -> line.substring(2).split("=", 2))
                .forEach(pair -> properties.put(pair[0], pair.length > 1 ? pair[1] : ""));
        properties.put("staged_from", inventory.root().toString());
        if (!part.isEmpty()) {
            properties.put("part", part);
        }
        if (unpacked) {
            properties.put("unpacked", "gzip");
        }
        new Manifest(properties, new TreeMap<>(Destination.entries(folder, files))).write(folder);
    }
}
