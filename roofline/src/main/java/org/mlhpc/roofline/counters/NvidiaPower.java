package org.mlhpc.roofline.counters;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.mlhpc.api.FileErrors;

/**
 * Energy of NVIDIA devices: their power by NVML, which an {@code nvidia-smi} tells every second while it counts, integrated over
 * time. An estimate.
 */
final class NvidiaPower implements CounterSource {
    /** Name of the thread that ends when the program has closed its output. */
    private static final String READER = "mlhpc-power";

    private static final String PERIOD_MILLIS = "1000";
    private static final long FIRST_SECONDS = 10;

    private final List<String> command;

    /** @param program {@code nvidia-smi}, or a file that stands for it */
    NvidiaPower(String program) {
        this.command = List.of(program, "--query-gpu=index,name,power.draw", "--format=csv,noheader,nounits");
    }

    @Override
    public String name() {
        return "NVML (nvidia-smi)";
    }

    @Override
    public Quantity quantity() {
        return Quantity.ENERGY;
    }

    @Override
    public Scope scope() {
        return Scope.DEVICE;
    }

    @Override
    public Availability availability() {
        try {
            Tool.Output output = Tool.run(command);
            if (output.exitCode() != 0) {
                return Availability.missing(
                        "nvidia-smi says: " + output.text().strip(), "load the driver of the device");
            }
            List<String> devices =
                    output.lines().stream().filter(PowerIntegral::isOfDevice).toList();
            return PowerIntegral.allTell(devices)
                    ? Availability.covers(devices.size() + " devices, estimated from their power, once a second")
                    : Availability.missing(
                            "these devices do not tell their power",
                            "of virtual devices (vGPU): run on the machine itself; else no fix: the board has no sensor that"
                                    + " the driver reads");
        } catch (Tool.MissingException e) {
            return Availability.missing(
                    "no nvidia-smi: no NVIDIA device, or no driver",
                    "if there is a device: install its driver; start containers with it, as docker run --gpus all");
        } catch (IOException e) {
            return Availability.missing(
                    "nvidia-smi cannot be tried: " + FileErrors.message(e),
                    "if it is slow: keep the driver loaded, as root: nvidia-smi -pm 1");
        }
    }

    @Override
    public Counting open() throws IOException {
        var repeated = new ArrayList<>(command);
        repeated.add("--loop-ms=" + PERIOD_MILLIS);
        return new Sampled(Tool.start(Tool.builder(repeated).redirectErrorStream(true)));
    }

    /** A process that tells the power again and again, until its output is closed: here, or because this process was killed. */
    static final class Sampled implements Counting {
        private final Process process;
        private final PowerIntegral integral = new PowerIntegral();
        private final CountDownLatch first = new CountDownLatch(1);
        private final Thread reader = new Thread(this::read, READER);
        private Duration elsewhere = Duration.ZERO;

        Sampled(Process process) throws IOException {
            this.process = process;
            reader.setDaemon(true);
            reader.start();
            try {
                if (!first.await(FIRST_SECONDS, TimeUnit.SECONDS)) {
                    close();
                    throw new IOException("nvidia-smi told no power for " + FIRST_SECONDS + " s");
                }
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while nvidia-smi started", e);
            }
        }

        /** Ends when the program has closed its output. */
        Thread reader() {
            return reader;
        }

        private void read() {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (PowerIntegral.isOfDevice(line)) {
                        integral.add(line, System.nanoTime());
                        first.countDown();
                    }
                }
            } catch (IOException e) {
                // Closed: no further samples come, which stop finds out.
            } finally {
                first.countDown();
            }
        }

        @Override
        public void keepUp() {}

        @Override
        public Tally stop() {
            long now = System.nanoTime();
            elsewhere = process.info().totalCpuDuration().orElse(Duration.ZERO);
            boolean samples = reader.isAlive();
            close();
            return samples ? integral.until(now) : Tally.unknown("nvidia-smi has ended by itself");
        }

        @Override
        public Duration elsewhere() {
            return elsewhere;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
