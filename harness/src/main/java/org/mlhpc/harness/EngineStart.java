package org.mlhpc.harness;

import java.util.Optional;
import java.util.ServiceLoader;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Engine;
import org.mlhpc.api.LocalCommunicator;

/** Starts the numerical library before anything uses it: its very first start unpacks it. */
public final class EngineStart {
    private EngineStart() {}

    /** In a process on its own, or one that no other starts the library beside. */
    public static void alone() {
        on(new LocalCommunicator());
    }

    /**
     * One rank at first, since nodes may share the folder that it is unpacked to, then one rank of each node, since they may not, then
     * all: others would load what is half written. Collective.
     */
    public static void on(Communicator world) {
        Optional<Engine> engine = ServiceLoader.load(Engine.class).findFirst();
        if (world.rank() == 0) {
            engine.ifPresent(Engine::start);
        }
        world.barrier();
        Communicator node = world.node();
        if (node.rank() == 0) {
            engine.ifPresent(Engine::start);
        }
        node.barrier();
        engine.ifPresent(Engine::start);
    }
}
