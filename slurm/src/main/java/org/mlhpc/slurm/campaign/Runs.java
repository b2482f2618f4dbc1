package org.mlhpc.slurm.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.mlhpc.slurm.campaign.Campaign.Point;

/** Which runs of a campaign are still to be made. */
final class Runs {
    private Runs() {}

    /** Indices of the runs of a point that have no finished log. */
    static List<Integer> unfinished(Path campaign, Point point, int runs) {
        Path folder = campaign.resolve(point.name());
        return IntStream.range(0, runs)
                .filter(index -> !Files.exists(folder.resolve("result_" + index + ".txt")))
                .boxed()
                .toList();
    }

    /** Ascending indices as {@code sbatch --array} wants them: {@code 0-3,7%2}. */
    static String array(List<Integer> indices, OptionalInt atOnce) {
        var ranges = new ArrayList<String>();
        int begin = 0;
        for (int i = 0; i < indices.size(); i++) {
            if (i + 1 == indices.size() || indices.get(i + 1) != indices.get(i) + 1) {
                ranges.add(begin == i ? "" + indices.get(i) : indices.get(begin) + "-" + indices.get(i));
                begin = i + 1;
            }
        }
        return String.join(",", ranges) + (atOnce.isPresent() ? "%" + atOnce.getAsInt() : "");
    }
}
