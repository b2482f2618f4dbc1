package org.mlhpc.staging.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.OptionalLong;

/** What the rank that listed a data set sends to the others: one line per folder or file. */
final class InventoryText {
    private static final String FOLDER = "/ ";
    private static final long UNKNOWN = -1;

    private InventoryText() {}

    static String format(Inventory inventory) {
        var text = new StringBuilder();
        inventory.folders().forEach(folder -> text.append(FOLDER).append(folder).append('\n'));
        for (SourceFile file : inventory.files()) {
            text.append(file.bytes()).append(' ').append(file.modifiedMicros()).append(' ');
            text.append(file.crc32c().orElse(UNKNOWN)).append(' ').append(file.path());
            text.append('\n');
        }
        return text.toString();
    }

    static Inventory parse(Path root, String text, String manifest) {
        var files = new ArrayList<SourceFile>();
        var folders = new ArrayList<String>();
        text.lines().forEach(line -> {
            if (line.startsWith(FOLDER)) {
                folders.add(line.substring(FOLDER.length()));
            } else {
                String[] fields = line.split(" ", 4);
                long crc = Long.parseLong(fields[2]);
                files.add(new SourceFile(
                        fields[3],
                        Long.parseLong(fields[0]),
                        Long.parseLong(fields[1]),
                        crc == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(crc)));
            }
        });
        return new Inventory(root, files, folders, manifest);
    }
}
