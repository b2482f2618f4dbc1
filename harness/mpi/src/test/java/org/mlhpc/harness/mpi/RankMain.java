package org.mlhpc.harness.mpi;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.CommunicatorProvider;
import org.mlhpc.api.Progress;
import org.mlhpc.staging.Staging;
import org.mlhpc.staging.StagingRequest;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;
import org.mlhpc.staging.plan.Plan;

/** What each rank of {@link MpiCommunicatorIT} runs; the argument says which scene to play. */
final class RankMain {
    private static final double STAGING_BYTES_PER_SECOND = 8e6;

    private final Communicator world;

    private RankMain(Communicator world) {
        this.world = world;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        CommunicatorProvider provider =
                ServiceLoader.load(CommunicatorProvider.class).findFirst().orElseThrow();
        try (Communicator world = provider.open()) {
            new RankMain(world).play(args[0], args);
        }
    }

    private void play(String scene, String[] args) throws IOException, InterruptedException {
        switch (scene) {
            case "contract" -> contract();
            case "killed" -> killed();
            case "failing" -> failing();
            case "stage" -> stage(Path.of(args[1]));
            default -> throw new IllegalArgumentException("no scene " + scene);
        }
    }

    /** A rank that fails a test aborts the job, as its peers may wait for it in a collective. */
    private void contract() {
        MpiContract.world = world;
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(MpiContract.class))
                .build();
        var verdict = new Verdict();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, verdict);
        // In one piece: the ranks share the stream.
        System.out.print("rank " + world.rank() + " of " + world.size() + " passed " + verdict.passed + " tests\n");
        System.out.flush();
    }

    private void killed() throws IOException, InterruptedException {
        world.barrier();
        if (world.rank() == 1) {
            System.out.println("killed at " + System.currentTimeMillis());
            String pid = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("kill", "-KILL", pid).start().waitFor();
        }
        world.barrier();
    }

    private void failing() {
        world.barrier();
        if (world.rank() == 1) {
            System.out.println("rank 1 gives up");
            world.abort(3);
        }
        world.barrier();
        System.out.println("unreachable");
    }

    /** Forwards {@code folder/source} to {@code folder/node<n>}, slowly. */
    private void stage(Path folder) throws IOException {
        StagingRequest request = StagingRequest.of(Optional.of("forward"), Optional.of(folder.resolve("node{node}")))
                .with(
                        new IoOptions(2, 65_536, true, false, false),
                        SourceLimit.shared(folder.resolve("limit"), STAGING_BYTES_PER_SECOND));
        var staging = new Staging(folder.resolve("source"), request, world);
        Plan plan = staging.plan();
        System.out.println("rank " + world.rank() + " is process "
                + ProcessHandle.current().pid());
        System.out.flush();
        staging.stage(plan, Progress.none());
    }

    private final class Verdict implements TestExecutionListener {
        private int passed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            result.getThrowable().ifPresent(failure -> {
                System.out.printf("rank %d: %s failed: %s%n", world.rank(), test.getDisplayName(), failure);
                failure.printStackTrace(System.out);
                System.out.flush();
                world.abort(1);
            });
            if (test.isTest()) {
                passed++;
            }
        }
    }
}
