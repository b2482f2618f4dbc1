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
        assertEquals(RUNS, found.heldOut().size());
        assertEquals(
                runs.stream().map(Observation::label).collect(Collectors.toSet()),
                found.heldOut().stream().map(RooflineFit.Residual::label).collect(Collectors.toSet()));
        assertEquals(List.of(8, 8, 8), found.groups().stream().map(List::size).toList());
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
                "no run can be predicted from those with other threads",
                found.inWords("layouts", "those with other threads", 0.95));
    }

    /** Compute and loader of run 0 take longer together than there are numbers for, so that its own group alone has a fit. */
    @Test
    void groupsWithoutAFitAreLeftOutAndCounted() {
        List<Observation> runs = new ArrayList<>(runs(run -> 0));
        Map<Resource, Double> endless = Map.of(Resource.COMPUTE, Double.MAX_VALUE, Resource.LOADER, Double.MAX_VALUE);
        runs.set(0, new Observation("run 0", endless, 0.1));
        CrossValidation found = CrossValidation.leaveGroupsOut(groups, known -> runs, 1);
        assertEquals(2, found.failed());
        assertEquals(1, found.groups().size());
        String words = found.inWords("settings", "the others", 0.95);
        assertTrue(words.endsWith("; without 2 of the settings no fit was found"), words);
    }

    /** Errors of e^0.1 in one group, and of e^0.3 in the other: 1.96 times the former do not reach the latter. */
    @Test
    void intervalsComeFromOtherGroupsAlone() {
        var near = List.of(residual(0.1), residual(-0.1));
        var far = List.of(residual(0.3), residual(-0.3), residual(0.1));
        var found = new CrossValidation(List.of(near, far), 0);
        assertEquals(Math.sqrt((3 * 0.01 + 2 * 0.09) / 5), found.scatter(), 1e-12);
        assertEquals(3, found.within(0.95));
        String words = found.inWords("layouts", "those of others", 0.95);
        assertTrue(words.startsWith("5 runs of 2 layouts, each predicted from those of others: median"), words);
        assertTrue(words.endsWith("; 3 of 5 within 95 % by the errors of other layouts"), words);
    }

    /** Positive errors are of runs that were faster than the others tell, which no other work makes them. */
    @Test
    void whatIsSlowByManyUsualErrorsStandsOut() {
        var usual = IntStream.range(0, 20)
                .mapToObj(run -> residual(run % 2 == 0 ? 0.05 : -0.05))
                .toList();
        var odd = List.of(residual(-0.29), residual(-0.31), residual(-1.2), residual(0.9));
        assertEquals(
                List.of(-1.2, -0.31),
                new CrossValidation(List.of(usual, odd), 0)
                        .farTooSlow().stream()
                                .map(run -> Math.round(100 * run.logError()) / 100.0)
                                .toList());
        // However small the others, less than 20 % does not.
        var exact = List.of(residual(0), residual(0), residual(0), residual(-0.18));
        assertEquals(List.of(), new CrossValidation(List.of(exact), 0).farTooSlow());
    }

    @Test
    void runsThatStorageDoesNotLimitHaveErrorsOfTheirOwn() {
        var limited = new RooflineFit.Residual("run", 1, 1.01, Map.of(), Resource.STORAGE);
        var found = new CrossValidation(List.of(List.of(limited, residual(Math.log(1.2))), List.of(limited)), 0);
        String words = found.inWords("settings", "the others", 0.95);
        assertTrue(words.contains("error 1.0 %, 90 % below "), words);
        assertTrue(words.contains(" % (of the 1 that storage does not limit: 20.0 %, 20.0 %); "), words);
        String alone = new CrossValidation(List.of(List.of(limited)), 0).inWords("settings", "the others", 0.95);
        assertTrue(alone.endsWith("90 % below 1.0 %"), alone);
    }

    private static RooflineFit.Residual residual(double logError) {
        return new RooflineFit.Residual("run", 1, Math.exp(logError), Map.of(), Resource.COMPUTE);
    }
}
