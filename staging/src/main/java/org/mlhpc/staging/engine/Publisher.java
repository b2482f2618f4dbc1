package org.mlhpc.staging.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.mlhpc.api.FileErrors;

/**
 * Gives complete files their names, in a thread of its own: all that wait are forced to the device together, then renamed,
 * then noted in the journal. Many small files so cost few commits of the file system.
 */
final class Publisher implements Closeable {
    /** Back-pressure: nobody writes more files ahead of their publication. */
    private static final int MOST_WAITING = 16_384;
    /** What is complete is published at least so often; a staging that is killed loses no more than that. */
    private static final long GATHER_MILLIS = 250;

    private final Path folder;
    private final Path state;
    private final Journal journal;
    private final BlockingQueue<Optional<Complete>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread = new Thread(this::publishAll, "mlhpc-staging-publisher");
    private volatile Optional<IOException> failure = Optional.empty();
    private boolean closed;

    /** A file that is complete under its temporary name. */
    record Complete(Path partial, Journal.Line line) {}

    Publisher(Path folder, Path state, Journal journal) {
        this.folder = folder;
        this.state = state;
        this.journal = journal;
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes over a file. */
    void add(Complete file) throws IOException {
        put(Optional.of(file));
        throwFailure();
    }

    private void put(Optional<Complete> item) throws IOException {
        try {
            waiting.put(item);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while staging to " + folder, e);
        }
    }

    private void throwFailure() throws IOException {
        if (failure.isPresent()) {
            throw new IOException(FileErrors.message(failure.get()), failure.get());
        }
    }

    private void publishAll() {
        boolean last = false;
        while (!last) {
            var files = new ArrayList<Complete>();
            try {
                last = !gather(files);
            } catch (InterruptedException e) {
                return;
            }
            if (failure.isEmpty() && !files.isEmpty()) {
                try {
                    publish(files);
                } catch (IOException e) {
                    failure = Optional.of(e);
                } catch (RuntimeException | Error e) {
                    failure = Optional.of(new IOException("cannot complete files in " + folder + ": " + e, e));
                }
            }
        }
    }

    /** Takes what is complete within the time; false if the end has come. */
    private boolean gather(List<Complete> files) throws InterruptedException {
        Optional<Complete> next = waiting.take();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
        while (next != null && next.isPresent()) {
            files.add(next.get());
            long left = deadline - System.nanoTime();
            next = files.size() < MOST_WAITING ? waiting.poll(left, TimeUnit.NANOSECONDS) : null;
        }
        return next == null;
    }

    private void publish(List<Complete> files) throws IOException {
        List<Journal.Line> lines = files.stream().map(Complete::line).toList();
        DurableFiles.force(files.stream().map(Complete::partial).toList(), state);
        journal.announce(lines);
        for (Complete file : files) {
            Path target = folder.resolve(file.line().source().path());
            try {
                Files.move(file.partial(), target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new IOException("cannot give " + target + " its name: " + FileErrors.message(e), e);
            }
        }
        journal.append(lines);
    }

    /** Returns when all files have their names and are in the journal. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        put(Optional.empty());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while staging to " + folder, e);
        }
        throwFailure();
    }
}
