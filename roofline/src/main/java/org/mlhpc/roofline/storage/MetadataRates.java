package org.mlhpc.roofline.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.mlhpc.roofline.Scratch;
import org.mlhpc.roofline.Spread;

/**
 * How many empty files of one folder one thread creates, looks at and removes in a second.
 *
 * @param create open, create and close
 * @param stat of a file whose entry is in the kernel's cache
 */
public record MetadataRates(Spread create, Spread stat, Spread unlink) {
    private static final double NANOSECONDS_PER_SECOND = 1e9;

    /** What is done to each file. */
    @FunctionalInterface
    private interface Operation {
        void accept(Path file) throws IOException;
    }

    /** Measures in a folder of its own below {@code parent}, which it removes. */
    public static MetadataRates measure(Path parent, int files, int repetitions) throws IOException {
        double[] create = new double[repetitions];
        double[] stat = new double[repetitions];
        double[] unlink = new double[repetitions];
        try (Scratch scratch = Scratch.in(parent, "mlhpc-roofline")) {
            Path[] names = new Path[files];
            for (int i = 0; i < files; i++) {
                names[i] = scratch.folder().resolve("file" + i);
            }
            for (int i = 0; i < repetitions; i++) {
                create[i] = rate(names, MetadataRates::create);
                stat[i] = rate(names, MetadataRates::stat);
                unlink[i] = rate(names, Files::delete);
            }
        }
        return new MetadataRates(Spread.of(create), Spread.of(stat), Spread.of(unlink));
    }

    private static double rate(Path[] files, Operation operation) throws IOException {
        long begin = System.nanoTime();
        for (Path file : files) {
            operation.accept(file);
        }
        return files.length * NANOSECONDS_PER_SECOND / (System.nanoTime() - begin);
    }

    private static void create(Path file) throws IOException {
        Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                .close();
    }

    private static void stat(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new IOException(file + " has changed while metadata rates were measured");
        }
    }
}
