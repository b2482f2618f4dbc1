package org.mlhpc.harness.mpi;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.util.ServiceLoader;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.CommunicatorProvider;

/** What each rank of {@link MpiCommunicatorIT} runs; the argument says which scene to play. */
final class RankMain {
    private final Communicator world;

    private RankMain(Communicator world) {
        this.world = world;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        CommunicatorProvider provider =
                ServiceLoader.load(CommunicatorProvider.class).findFirst().orElseThrow();
        try (Communicator world = provider.open()) {
            new RankMain(world).play(args[0]);
        }
    }

    private void play(String scene) throws IOException, InterruptedException {
        switch (scene) {
            case "contract" -> contract();
            case "killed" -> killed();
            case "failing" -> failing();
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
        System.out.printf("rank %d of %d passed %d tests%n", world.rank(), world.size(), verdict.passed);
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
