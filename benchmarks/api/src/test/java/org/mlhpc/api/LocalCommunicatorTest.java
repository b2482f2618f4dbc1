package org.mlhpc.api;

class LocalCommunicatorTest extends CommunicatorContract {
    private final Communicator world = new LocalCommunicator();

    @Override
    protected Communicator world() {
        return world;
    }
}
