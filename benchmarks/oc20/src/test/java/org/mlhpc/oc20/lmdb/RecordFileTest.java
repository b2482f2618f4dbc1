package org.mlhpc.oc20.lmdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that LMDB itself has written. */
class RecordFileTest {
    @TempDir
    private Path directory;

    /** Every second one does not fit into a page. */
    private static byte[] record(int number) {
        byte[] record = new byte[number % 2 == 0 ? number % 40 : 2000 + 37 * number % 9000];
        Arrays.fill(record, (byte) number);
        return record;
    }

    /** LMDB takes the page of the machine it writes on. */
    private static int pageBytes(byte[] file) {
        return Meta.of(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN))
                .orElseThrow()
                .pageBytes();
    }

    private Path write(int records) throws IOException {
        Path file = directory.resolve("data.lmdb");
        try (var writer = new RecordFileWriter(file)) {
            for (int i = 0; i < records; i++) {
                writer.put("" + i, record(i));
            }
            writer.finish();
        }
        return file;
    }

    /** With that many the tree has three levels. */
    @Test
    void everyRecordIsFound() throws IOException {
        int count = 20_000;
        try (RecordFile file = RecordFile.open(write(count))) {
            assertEquals(count, file.count());
            for (int i = 0; i < count; i++) {
                assertArrayEquals(record(i), file.read("" + i).orElseThrow(), "record " + i);
            }
            for (String key : List.of("", "/", "00", "20000", "length", "z")) {
                assertEquals(Optional.empty(), file.read(key), key);
            }
            var keys = new ArrayList<String>();
            file.sizes((key, size) -> {
                keys.add(key);
                assertEquals(record(Integer.parseInt(key)).length, size);
            });
            assertEquals(
                    IntStream.range(0, count).mapToObj(i -> "" + i).sorted().toList(), keys);
        }
    }

    @Test
    void anEmptyFileHasNoRecords() throws IOException {
        try (RecordFile file = RecordFile.open(write(0))) {
            assertEquals(0, file.count());
            assertEquals(Optional.empty(), file.read("0"));
            file.sizes((key, size) -> assertEquals("no key", key));
        }
    }

    /**
     * Bytes at random, most of them where pages and nodes begin. Whatever comes of it, the file is refused or records are read; LMDB
     * itself would end the process.
     */
    @Test
    @Timeout(120)
    void damagedFilesAreRefusedOrRead() throws IOException {
        int count = 300;
        Path file = write(count);
        byte[] sound = Files.readAllBytes(file);
        var random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] damaged = sound.clone();
            for (int change = 0; change <= round % 4; change++) {
                int page = page(sound, random);
                int at = random.nextInt(3) == 0 ? random.nextInt(pageBytes(sound)) : random.nextInt(160);
                damaged[page + at] = (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
            }
            Files.write(file, damaged);
            refused += readAll(file, count) ? 0 : 1;
        }
        assertTrue(refused > 300, refused + " of 1500 were refused");
    }

    /** Where a page begins, mostly one that is not of records alone, of which there are many more. */
    private static int page(byte[] file, Random random) {
        int bytes = pageBytes(file);
        int page = random.nextInt(file.length / bytes) * bytes;
        boolean ofRecords = file[page + 10] != 1 && file[page + 10] != 2 && file[page + 10] != 8;
        return ofRecords && random.nextInt(50) > 0 ? page(file, random) : page;
    }

    /** False if it is refused; the message names the file. */
    private static boolean readAll(Path path, int count) {
        try (RecordFile file = RecordFile.open(path)) {
            file.sizes((key, size) -> assertTrue(size >= 0));
            for (int i = 0; i < count; i++) {
                file.read("" + i);
            }
            return true;
        } catch (IOException e) {
            assertTrue(e.getMessage().startsWith(path.toString()), e.getMessage());
            return false;
        }
    }

    /** As LMDB leaves a file whose last pages were freed before they were written. */
    @Test
    void pagesAtTheEndThatNoRecordUsesMayBeMissing() throws IOException {
        Path path = write(300);
        byte[] sound = Files.readAllBytes(path);
        int pageBytes = pageBytes(sound);
        for (int meta = 0; meta < 2 * pageBytes; meta += pageBytes) {
            ByteBuffer page = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
            page.putLong(meta + 136, page.getLong(meta + 136) + 3);
        }
        Files.write(path, sound);

        assertTrue(readAll(path, 300));
    }

    @Test
    void truncatedFilesAreFoundBeforeARecordIsRead() throws IOException {
        Path path = write(300);
        byte[] sound = Files.readAllBytes(path);
        int pageBytes = pageBytes(sound);
        for (int pages = 2; pages < sound.length / pageBytes - 1; pages++) {
            Files.write(path, Arrays.copyOf(sound, pages * pageBytes));
            try (RecordFile file = RecordFile.open(path)) {
                var e = assertThrows(IOException.class, () -> file.sizes((key, size) -> {}), pages + " pages");
                assertTrue(e.getMessage().contains("the file is truncated, copy it again"), e.getMessage());
            }
        }
    }

    @Test
    void treesThatLeadInCirclesAreRefused() throws IOException {
        Path path = write(3000);
        byte[] damaged = Files.readAllBytes(path);
        int pageBytes = pageBytes(damaged);
        for (int page = 0; page < damaged.length; page += pageBytes) {
            if (damaged[page + 10] == 1) {
                // All nodes of a branch become its first one, which leads to the same leaf.
                int nodes = ((damaged[page + 12] & 0xff) + 256 * (damaged[page + 13] & 0xff) - 16) / 2;
                for (int node = 1; node < nodes; node++) {
                    System.arraycopy(damaged, page + 16, damaged, page + 16 + 2 * node, 2);
                }
            }
        }
        Files.write(path, damaged);
        try (RecordFile file = RecordFile.open(path)) {
            var e = assertThrows(IOException.class, () -> file.sizes((key, size) -> {}));
            assertTrue(e.getMessage().contains("is in the tree twice"), e.getMessage());
        }
    }

    /** Threads that still read when the file is closed get an exception, and nothing that belongs to others. */
    @Test
    void closingWhileOthersReadIsSafe() throws Exception {
        Path path = write(200);
        var threads = Executors.newFixedThreadPool(2);
        try {
            RecordFile file = RecordFile.open(path);
            Callable<String> reading = () -> {
                for (int i = 0; ; i = (i + 1) % 200) {
                    try {
                        assertArrayEquals(record(i), file.read("" + i).orElseThrow());
                    } catch (IOException e) {
                        return e.getMessage();
                    }
                }
            };
            Future<String> first = threads.submit(reading);
            Future<String> second = threads.submit(reading);
            Thread.sleep(20);
            file.close();
            assertEquals(path + " was closed while it was read", first.get(10, TimeUnit.SECONDS));
            assertEquals(path + " was closed while it was read", second.get(10, TimeUnit.SECONDS));
        } finally {
            threads.shutdownNow();
        }
    }
}
