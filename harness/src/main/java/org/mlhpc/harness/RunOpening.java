package org.mlhpc.harness;

import java.io.IOException;
import java.util.Map;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Workload;

/** What a new run does and logs of itself before it trains; one that is resumed has done so before. */
final class RunOpening<B extends Batch> {
    private final RunPlan plan;
    private final Workload<B> workload;
    private final Communicator world;
    private final RunClock clock;
    private final RunState state;
    private final Compliance compliance;
    private final Console console;

    RunOpening(
            RunPlan plan,
            Workload<B> workload,
            Communicator world,
            RunClock clock,
            RunState state,
            Compliance compliance,
            Console console) {
        this.plan = plan;
        this.workload = workload;
        this.world = world;
        this.clock = clock;
        this.state = state;
        this.compliance = compliance;
        this.console = console;
    }

    /** Initialisation of the system, which is not timed. Collective. */
    void initialise(RunLog log, int nodes) throws IOException {
        clock.enter(RunClock.Stage.INITIALISATION);
        log.point("cache_clear", clearCaches());
        log.start("init_start", Map.of());
        // The start of the library is initialisation in the reference too; the model is built in the timed part.
        EngineStart.on(world);
        log.point("seed", plan.seed());
        log.point("number_of_ranks", world.size());
        log.point("number_of_nodes", nodes);
        // 0 stands for a system without accelerators.
        log.point("accelerators_per_node", 0);
        for (Map.Entry<String, String> field : plan.submissionFields().entrySet()) {
            log.point(field.getKey(), field.getValue());
        }
        log.end("init_stop", Map.of());
        compliance.requireSound(world, false);
    }

    /** What is trained, and on what. Collective. */
    void describe(RunLog log, Dataset<B> dataset) throws IOException {
        for (Map.Entry<String, Object> entry :
                workload.loggedHyperparameters(plan.settings(), world.size()).entrySet()) {
            log.point(entry.getKey(), entry.getValue());
        }
        log.point("train_samples", dataset.loggedTrainSamples());
        log.point("eval_samples", dataset.validationSamples());
        compliance.requireSound(world, true);
        if (world.rank() == 0) {
            compliance.warning().ifPresent(warning -> console.say("%s", warning));
        }
    }

    /** Whether the page cache was dropped on every node. */
    private boolean clearCaches() {
        boolean dropped = plan.dropCaches() && PageCache.drop();
        boolean everywhere = world.max(dropped ? 0 : 1) == 0;
        if (!everywhere) {
            state.note("page cache not dropped before the run");
        }
        return everywhere;
    }
}
