package org.mlhpc.rules.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.mlhpc.results.tree.Folder;
import org.mlhpc.results.tree.ResultSet;

/**
 * Writes the factors of {@link SetVerdict#expectedFactor()} as the official checker does, but never into the tree that it
 * checks.
 */
public final class ScalingFiles {
    private ScalingFiles() {}

    /**
     * Writes {@code out/ORGANISATION/results/SYSTEM/strong|weak/BENCHMARK/scaling.json} for each set whose factor is above 1.
     *
     * @param checked what was checked
     * @throws IllegalArgumentException if {@code out} lies in it
     */
    public static void write(Path out, Collection<Path> checked, Collection<TreeVerdict> trees) throws IOException {
        Path target = real(out);
        for (Path path : checked) {
            if (target.startsWith(real(path))) {
                throw new IllegalArgumentException(
                        out + " lies in " + path + ", which is only read; choose another folder");
            }
        }
        for (TreeVerdict tree : trees) {
            for (SetVerdict set : tree.sets()) {
                if (set.expectedFactor().orElse(1) > 1) {
                    write(target, set);
                }
            }
        }
    }

    /** Without links, so that none leads into what is checked; what does not exist yet is none. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return Files.exists(absolute) || parent == null
                ? absolute.toRealPath()
                : real(parent).resolve(Folder.name(absolute));
    }

    private static void write(Path out, SetVerdict verdict) throws IOException {
        ResultSet set = verdict.set();
        Path organisation = set.organisation().toAbsolutePath().normalize();
        Path folder = out.resolve(Folder.name(organisation))
                .resolve(organisation.relativize(set.folder().toAbsolutePath().normalize()));
        Files.createDirectories(folder);
        String json = "{\"scaling_factor\": " + verdict.expectedFactor().orElseThrow() + "}\n";
        Files.writeString(folder.resolve(set.scalingFile().getFileName()), json, StandardCharsets.UTF_8);
    }
}
