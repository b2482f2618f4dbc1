package org.mlhpc.staging;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.mlhpc.api.Communicator;

/** Flips a bit of what a rank receives by broadcast from the first rank of another node, so often. */
final class NoisyNetwork {
    /** Shorter ones are no chunks with their page. */
    private static final int LEAST_BYTES = 4097;

    private final AtomicInteger left;

    NoisyNetwork(int times) {
        left = new AtomicInteger(times);
    }

    Communicator around(Communicator world) {
        return proxy(world, (method, arguments, result) -> {
            if (!method.getName().equals("peers")) {
                return result;
            }
            Communicator peers = (Communicator) result;
            return proxy(peers, (call, values, nothing) -> {
                if (call.getName().equals("broadcast") && !values[1].equals(peers.rank())) {
                    flip((ByteBuffer) values[0]);
                }
                return nothing;
            });
        });
    }

    private void flip(ByteBuffer received) {
        // What the plan measures with has a length of its own, and is not looked at.
        boolean chunk = received.remaining() >= LEAST_BYTES && received.remaining() != 1 << 20;
        if (chunk && left.getAndDecrement() > 0) {
            int last = received.limit() - 1;
            received.put(last, (byte) (received.get(last) ^ 8));
        }
    }

    private interface After {
        Object result(Method method, Object[] arguments, Object result);
    }

    private static Communicator proxy(Communicator target, After after) {
        return (Communicator) Proxy.newProxyInstance(
                NoisyNetwork.class.getClassLoader(), new Class<?>[] {Communicator.class}, (self, method, arguments) -> {
                    try {
                        return after.result(method, arguments, method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
