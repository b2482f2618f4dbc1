package org.mlhpc.staging.files;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who gets which files. */
public final class Dealing {
    private Dealing() {}

    /**
     * The files of this node if each node gets a part of its own, as in the published CosmoFlow: in each folder rank r of
     * the job gets the sorted files r, r + ranks, and so on. Files at the top of the data set, such as statistics, go to
     * every node.
     */
    public static List<SourceFile> shard(List<SourceFile> sorted, NodePlace place) {
        Map<String, Integer> numbers = new HashMap<>();
        var own = new ArrayList<SourceFile>();
        for (SourceFile file : sorted) {
            int number = numbers.merge(file.folder(), 1, Integer::sum) - 1;
            if (file.folder().isEmpty() || place.holds(number % place.worldSize())) {
                own.add(file);
            }
        }
        return own;
    }

    /** The part of {@code member} of {@code members} who share the work on these files, about equal in bytes; large files first. */
    public static List<SourceFile> share(List<SourceFile> files, int member, int members) {
        List<SourceFile> bySize = largestFirst(files);
        var own = new ArrayList<SourceFile>();
        for (int i = 0; i < bySize.size(); i++) {
            // Back and forth, so that nobody gets the larger one of each group.
            int turn = i % (2 * members);
            if ((turn < members ? turn : 2 * members - 1 - turn) == member) {
                own.add(bySize.get(i));
            }
        }
        return own;
    }

    /** By size, then by path. */
    public static List<SourceFile> largestFirst(List<SourceFile> files) {
        return files.stream()
                .sorted(Comparator.comparingLong(SourceFile::bytes).reversed().thenComparing(SourceFile::path))
                .toList();
    }
}
