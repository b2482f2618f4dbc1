package org.mlhpc.roofline.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.api.UsableMemory;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.NotMeasured;

class StepsTest {
    private static final Effort LEAST = new Effort(2, 10, 2 << 20, 10, 64);

    private static MachineMeasurement measurement(Resource resource, String wanted, Path path, Effort effort) {
        return new MachineMeasurement(
                EnumSet.of(resource),
                Pattern.compile(wanted),
                path,
                true,
                effort,
                new Processors(2, 2),
                new UsableMemory(1L << 30, ""),
                Map.of(),
                null,
                null);
    }

    /** Zen 5 at 4 GHz: 4e9 x 2 units x 8 lanes x 2 = 128 GFLOP/s in fp64. */
    @Test
    void peaks_follow_from_clock_and_vectors() {
        assertEquals(128e9, ComputeSteps.peak(4e9, 64, "fp64", 1));
        assertEquals(512e9, ComputeSteps.peak(4e9, 64, "fp32", 2));
        assertEquals(512e9, ComputeSteps.peak(4e9, 64, "bf16", 1));
    }

    /** A file of the time that each family really takes: a batch of messages is no iteration of 10 ms. */
    @Test
    void each_family_says_how_it_is_timed() {
        assertTrue(ComputeSteps.condition(LEAST).startsWith("compute: 2 iterations of 10 ms "));
        assertTrue(MemorySteps.condition(LEAST).startsWith("memory: 2 iterations of 10 ms "));
        assertTrue(StorageSteps.condition(LEAST).contains(" of 10 ms for reads and writes and of 10 files "));
        assertTrue(NetworkSteps.condition(LEAST).contains("as fill 20 ms, from one to 5000;"));
    }

    @Test
    void a_compiler_that_fails_is_told_with_its_message(@TempDir Path folder) throws IOException {
        Path compiler = folder.resolve("cc");
        Files.writeString(
                compiler, "#!/bin/sh\necho \"$0: In function f:\" >&2\necho 'k.c:9: error: no REGISTER' >&2\nexit 1\n");
        assertTrue(compiler.toFile().setExecutable(true));
        try (Loops loops = Loops.prepare(false, compiler.toString(), LEAST)) {
            Loops.Refusal refusal = loops.refusal().orElseThrow();
            assertEquals("the C compiler '" + compiler + "' failed: k.c:9: error: no REGISTER", refusal.why());
            assertTrue(refusal.fix().contains("first on the PATH"), refusal.fix());
            assertFalse(loops.runs().isNative());
            var findings = new Findings();
            measurement(Resource.MEMORY, "", folder, LEAST).addLoops(loops, new ArrayList<>(), findings);
            assertEquals("memory loops in C", findings.notMeasured().get(0).what());
            assertEquals(refusal.why(), findings.notMeasured().get(0).why());
        }
    }

    @Test
    void a_step_that_fails_leaves_the_others_and_its_reason() {
        var findings = new Findings();
        Step.runAll(
                List.of(
                        new Step(Resource.STORAGE, "direct reads", found -> {
                            throw new IOException("no space left");
                        }),
                        new Step(Resource.STORAGE, "cached reads", found -> found.condition("ran"))),
                findings,
                (label, number, steps, left) -> {});
        assertEquals(List.of("ran"), findings.conditions());
        NotMeasured missing = findings.notMeasured().get(0);
        assertEquals("storage direct reads", missing.what());
        assertEquals("no space left", missing.why());
        assertTrue(missing.fix().contains("another --path"), missing.fix());
    }

    @Test
    void what_is_wrong_with_a_file_is_a_reason() {
        var findings = new Findings();
        var step = new Step(Resource.STORAGE, "metadata", found -> {
            throw new AccessDeniedException("/scratch/x");
        });
        Step.runAll(List.of(step), findings, (label, number, steps, left) -> {});
        assertEquals("/scratch/x: access denied", findings.notMeasured().get(0).why());
    }

    /** As the engine does without memory. Between ranks it must not be survived: the others would wait. */
    @Test
    void what_the_engine_throws_ends_its_step_alone() {
        var findings = new Findings();
        var step = new Step(Resource.COMPUTE, "convolutions", found -> {
            throw new IllegalStateException("out of memory");
        });
        Step.runAll(List.of(step.alone()), findings, (label, number, steps, left) -> {});
        assertEquals("out of memory", findings.notMeasured().get(0).why());
        String fix = findings.notMeasured().get(0).fix();
        assertTrue(fix.contains("more memory in the job"), fix);
        assertThrows(
                IllegalStateException.class,
                () -> Step.runAll(List.of(step), findings, (label, number, steps, left) -> {}));
    }

    @Test
    void peaks_of_the_user_go_before_those_of_the_kernel(@TempDir Path nothing) {
        var peaks = new Peaks(new Links(nothing), Map.of(Resource.MEMORY, 460e9, Resource.NETWORK, 25e9));
        assertEquals(Optional.of(460e9), peaks.memory());
        assertEquals(Optional.of(25e9), peaks.network(true));
        assertEquals(Optional.empty(), peaks.network(false));
        assertEquals(Optional.empty(), peaks.storage(nothing));
    }

    @Test
    void storage_is_measured_and_nothing_is_left_behind(@TempDir Path folder) throws IOException {
        var labels = new ArrayList<String>();
        Findings findings = measurement(Resource.STORAGE, "", folder, LEAST)
                .measure(new LocalCommunicator(), (label, number, steps, left) -> labels.add(label));
        assertEquals(0, folder.toFile().list().length);
        assertEquals(13, labels.size());
        int refused = (int) findings.notMeasured().stream()
                .filter(missing -> missing.what().startsWith("storage direct"))
                .count();
        // Twelve loads, some of which a file system may refuse, and three metadata rates.
        assertEquals(15 - refused, findings.ceilings().size());
        for (MeasuredCeiling ceiling : findings.ceilings()) {
            assertTrue(ceiling.rate().median() > 0 && ceiling.rate().count() == 2, ceiling.name());
            assertTrue(ceiling.rate().lowerQuartile() <= ceiling.rate().upperQuartile(), ceiling.name());
        }
    }

    /** A new file has the memory of any measurement. */
    @Test
    void a_limit_of_memory_is_named_whatever_is_measured(@TempDir Path folder) throws IOException {
        var limited = new MachineMeasurement(
                EnumSet.of(Resource.STORAGE),
                Pattern.compile("^metadata"),
                folder,
                true,
                LEAST,
                new Processors(2, 2),
                new UsableMemory(8L << 30, "SLURM_MEM_PER_NODE"),
                Map.of(),
                null,
                null);
        Findings findings = limited.measure(new LocalCommunicator(), (label, number, steps, left) -> {});
        assertTrue(
                findings.conditions().contains("memory: 8.0 GiB may be used, limited by SLURM_MEM_PER_NODE"),
                findings.conditions()::toString);
    }

    @Test
    void a_folder_that_is_not_there_or_too_small_is_refused(@TempDir Path folder) throws IOException {
        assertRefused(folder.resolve("nowhere"), LEAST, "is not a folder");
        assertRefused(folder, new Effort(1, 1, 1L << 60, 1, 4), "make room");
        assertEquals(0, folder.toFile().list().length);
    }

    private static void assertRefused(Path path, Effort effort, String words) {
        MachineMeasurement measurement = measurement(Resource.STORAGE, "", path, effort);
        String message = assertThrows(
                        IOException.class,
                        () -> measurement.measure(new LocalCommunicator(), (label, number, steps, left) -> {}))
                .getMessage();
        assertTrue(message.contains("--path " + path) && message.contains(words), message);
    }

    @Test
    void a_busy_machine_is_told() {
        assertEquals(Optional.empty(), MachineMeasurement.load(-1, 2));
        assertEquals(Optional.empty(), MachineMeasurement.load(0.9, 2));
        assertTrue(MachineMeasurement.load(14, 2).orElseThrow().startsWith("NOT QUIET: load average 14.0 on 2"));
    }

    @Test
    void steps_that_match_nothing_are_named(@TempDir Path folder) {
        MachineMeasurement measurement = measurement(Resource.STORAGE, "DRUM", folder, LEAST);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> measurement.measure(new LocalCommunicator(), (label, number, steps, left) -> {}))
                .getMessage();
        assertTrue(message.startsWith("--steps DRUM matches none of: direct sequential read, 1 thread;"), message);
    }

    @Test
    void java_loops_measure_a_level_and_say_what_they_cannot(@TempDir Path folder) throws IOException {
        Findings memory = measurement(Resource.MEMORY, "^L1 triad, 1", folder, LEAST)
                .measure(new LocalCommunicator(), (label, number, steps, left) -> {});
        assertEquals("memory L1 triad, 1 thread", memory.ceilings().get(0).name());
        assertEquals(Optional.empty(), memory.ceilings().get(0).theoretical());
        assertTrue(memory.conditions().stream().anyMatch(line -> line.contains("loops in Java were asked for")));
        Findings compute = measurement(Resource.COMPUTE, "bf16, 1", folder, LEAST)
                .measure(new LocalCommunicator(), (label, number, steps, left) -> {});
        assertEquals(List.of(), compute.ceilings());
        assertEquals("compute plain loop fma bf16", compute.notMeasured().get(0).what());
    }

    @Test
    void a_missing_engine_comes_with_what_to_do(@TempDir Path folder) throws IOException {
        NotMeasured missing = measurement(Resource.COMPUTE, "^matrix products in fp32, 1 thread", folder, LEAST)
                .measure(new LocalCommunicator(), (label, number, steps, left) -> {})
                .notMeasured()
                .get(0);
        assertEquals("no engine is on the class path", missing.why());
        assertTrue(missing.fix().contains("./mlhpc roofline measure"), missing.fix());
    }

    @Test
    void ranks_measure_messages_and_collectives(@TempDir Path folder)
            throws IOException, InterruptedException, ExecutionException {
        var threads = Executors.newFixedThreadPool(3);
        try {
            var pending = new ArrayList<Future<Findings>>();
            for (Communicator rank : ThreadCommunicator.ofSize(3)) {
                pending.add(threads.submit(() -> measurement(Resource.NETWORK, "", folder, LEAST)
                        .measure(rank, (label, number, steps, left) -> {})));
            }
            for (Future<Findings> findings : pending) {
                assertEquals(4, findings.get().ceilings().size());
                assertEquals(List.of(), findings.get().collectivesInC());
                // 4, 16 and 64 bytes; all-gather makes them multiples of three.
                List<Collective> rows = findings.get().collectives();
                assertEquals(12, rows.size());
                assertEquals(
                        List.of(4L, 16L, 64L),
                        rows.subList(0, 3).stream().map(Collective::bytes).toList());
                assertEquals(63, rows.get(11).bytes());
                assertTrue(rows.stream().allMatch(row -> row.seconds().median() > 0));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
