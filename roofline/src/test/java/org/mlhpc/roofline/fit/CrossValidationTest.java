package org.mlhpc.roofline.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mlhpc.roofline.Resource;

class CrossValidationTest {
    private static final int RUNS = 24;
    private static final StepModel TRUTH =
            new StepModel(Map.of(Resource.COMPUTE, 0.5, Resource.MEMORY, 0.5), 0.01, 0.5);

    /** Three groups in turn. */
    private final List<Integer> groups =
            IntStream.range(0, RUNS).mapToObj(run -> run % 3).toList();

    /** @param loader seconds of run by its index; 0 for none */
    private static List<Observation> runs(IntToDoubleFunction loader) {
        var random = new Random(1);
        var runs = new ArrayList<Observation>();
        for (int run = 0; run < RUNS; run++) {
            Map<Resource, Double> ideal = new EnumMap<>(Resource.class);
            ideal.put(Resource.COMPUTE, 0.01 * (1 + random.nextInt(50)));
            ideal.put(Resource.MEMORY, 0.01 * (1 + random.nextInt(50)));
            ideal.put(Resource.LOADER, loader.applyAsDouble(run));
            runs.add(new Observation("run " + run, ideal, TRUTH.seconds(ideal)));
        }
        return runs;
    }

    @Test
    void aGroupTellsNothingWhileItIsHeldOut() {
        List<Observation> runs = runs(run -> 0);
        var asked = new ConcurrentLinkedQueue<Set<Integer>>();
        CrossValidation found = CrossValidation.leaveGroupsOut(
                groups,
                known -> {
                    asked.add(known);
                    return runs;
                },
                1);
        Set<Set<Integer>> complements = asked.stream()
                .filter(known -> known.size() < RUNS)
                .map(known -> known.stream().map(run -> run % 3).collect(Collectors.toSet()))
                .collect(Collectors.toSet());
        assertEquals(Set.of(Set.of(0, 1), Set.of(0, 2), Set.of(1, 2)), complements);
        assertTrue(asked.stream().allMatch(known -> known.size() == RUNS || known.size() == 16), asked::toString);
        assertEquals(
                runs.stream().map(Observation::label).toList(),
                found.heldOut().stream().map(RooflineFit.Residual::label).toList());
        // No noise.
        assertEquals(0, found.absoluteError(1), 1e-4);
    }

    /** Group 0 alone knows how long loading takes; the others take it for nothing. */
    @Test
    void whatTheOthersDoNotKnowIsNotPredicted() {
        CrossValidation found =
                CrossValidation.leaveGroupsOut(groups, known -> runs(run -> known.contains(0) ? 0.05 : 0), 1);
        assertEquals(16, found.heldOut().size());
        assertTrue(
                found.heldOut().stream()
                        .noneMatch(held -> Integer.parseInt(held.label().substring(4)) % 3 == 0),
                found::toString);
    }

    /** Compute, memory, overhead and serial can fit four runs exactly, whatever their noise. */
    @Test
    void asManyRunsAsParametersPredictNothing() {
        for (int count : new int[] {5, 6}) {
            List<Observation> runs = runs(run -> 0).subList(0, count);
            assertEquals(
                    count == 5 ? 0 : 6,
                    CrossValidation.leaveGroupsOut(runs, known -> runs, 1)
                            .heldOut()
                            .size());
        }
    }

    @Test
    void oneGroupAloneCannotBePredicted() {
        List<Observation> runs = runs(run -> 0);
        CrossValidation found =
                CrossValidation.leaveGroupsOut(runs.stream().map(run -> "1x1").toList(), known -> runs, 1);
        assertEquals(List.of(), found.heldOut());
        assertEquals(
                "no run can be predicted from those with other threads", found.inWords("those with other threads"));
    }
}
