package org.mlhpc.results.compare;

import java.util.List;
import java.util.Optional;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.roofline.predict.Convergence;

/** How published results converge. */
public final class PublishedConvergence {
    private PublishedConvergence() {}

    /**
     * How the samples to convergence of {@code benchmark} grow with the batch size, by the results on the data set that most
     * of them have; empty if there are none of it.
     */
    public static Optional<Convergence.Shape> shape(String benchmark) {
        List<Entry> entries = ScaleUps.withoutRepetition(PublishedResults.all()).stream()
                .filter(entry -> entry.task().benchmark().equals(benchmark))
                .toList();
        return entries.stream()
                .map(entry -> entries.stream()
                        .filter(other -> ScaleUps.sameData(other, entry))
                        .toList())
                .max((a, b) -> Integer.compare(a.size(), b.size()))
                .flatMap(PublishedConvergence::of)
                .map(Convergence::shape);
    }

    /** The law of {@code entries}; empty if they are fewer than three, or of one batch size. */
    static Optional<Convergence> of(List<Entry> entries) {
        return Convergence.of(entries.stream().map(PublishedConvergence::point).toList());
    }

    static Convergence.Point point(Entry entry) {
        return new Convergence.Point(
                entry.task().batch().orElseThrow(),
                entry.measured().samples().orElseThrow().mean());
    }
}
