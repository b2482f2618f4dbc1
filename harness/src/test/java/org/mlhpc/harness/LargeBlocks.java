package org.mlhpc.harness;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints the page faults of a thread that asks for a block of 16 MiB, fills it and gives it back, again and again. */
final class LargeBlocks {
    private static final long BYTES = 16L << 20;

    private final Object allocator;
    private final Method allocate;
    private final Method fill;
    private final Method free;

    /** By reflection, since the compiler warns of this class, and no annotation stops it. */
    private LargeBlocks() throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field field = unsafe.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        allocator = field.get(null);
        allocate = unsafe.getMethod("allocateMemory", long.class);
        fill = unsafe.getMethod("setMemory", long.class, long.class, byte.class);
        free = unsafe.getMethod("freeMemory", long.class);
    }

    public static void main(String[] words) throws ReflectiveOperationException, IOException {
        var blocks = new LargeBlocks();
        int rounds = Integer.parseInt(words[0]);
        // What reflection itself touches for the first time does not count.
        blocks.use(rounds);
        long before = faults();
        blocks.use(rounds);
        System.out.println("faults: " + (faults() - before));
    }

    private void use(int rounds) throws ReflectiveOperationException {
        for (int i = 0; i < rounds; i++) {
            Object address = allocate.invoke(allocator, BYTES);
            fill.invoke(allocator, address, BYTES, (byte) i);
            free.invoke(allocator, address);
        }
    }

    /** {@code minflt}, field 10 of proc(5); fields from the third on follow the name, which may have spaces. */
    private static long faults() throws IOException {
        String line = Files.readString(Path.of("/proc/thread-self/stat"));
        return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[7]);
    }
}
