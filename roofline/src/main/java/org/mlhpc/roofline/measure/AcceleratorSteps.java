package org.mlhpc.roofline.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mlhpc.roofline.ceilings.MeasuredAccelerator;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.gpu.GpuArithmetic;
import org.mlhpc.roofline.gpu.GpuContext;
import org.mlhpc.roofline.gpu.GpuDevice;
import org.mlhpc.roofline.gpu.GpuDriver;
import org.mlhpc.roofline.gpu.GpuException;
import org.mlhpc.roofline.gpu.GpuTimer;

/** The accelerators of this node while they are measured. What cannot be measured is told to the findings and never an exception. */
final class AcceleratorSteps implements AutoCloseable {
    static final Path PCI_DEVICES = Path.of("/sys/bus/pci/devices");

    /** The device works alone and without interruption: its iterations can be shorter than those of processors. */
    private static final double SHARE_OF_ITERATION = 0.2;

    private static final double SECONDS_PER_MILLISECOND = 1e-3;

    private static final double GIGA = 1e9;

    private final Map<GpuDevice, GpuContext> contexts = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final Findings findings;

    private AcceleratorSteps(Findings findings) {
        this.findings = findings;
    }

    /** @param pciDevices the kernel's folder of PCI devices */
    static AcceleratorSteps open(GpuDriver.Finder finder, Path pciDevices, Effort effort, Findings findings) {
        var accelerators = new AcceleratorSteps(findings);
        try {
            GpuDriver driver = finder.find();
            String version = driver.version();
            for (GpuDevice device : driver.devices()) {
                accelerators.open(driver, device, version);
            }
            accelerators.plan(driver, pciDevices, effort);
        } catch (GpuException e) {
            findings.missing(MeasuredMachine.ACCELERATOR, "no device: " + e.getMessage(), e.fix());
        }
        return accelerators;
    }

    private void open(GpuDriver driver, GpuDevice device, String version) {
        findings.add(new MeasuredAccelerator(
                device.index(),
                device.name(),
                device.computeCapability(),
                device.memoryBytes(),
                device.ecc(),
                version,
                List.of()));
        try {
            contexts.put(device, driver.open(device));
        } catch (GpuException e) {
            missing(device, "", e);
        }
    }

    private void plan(GpuDriver driver, Path pciDevices, Effort effort) {
        var timer = new GpuTimer(
                effort.iterations(), effort.iterationMillis() * SHARE_OF_ITERATION * SECONDS_PER_MILLISECOND);
        findings.condition(String.format(
                Locale.ROOT,
                "%s: kernels in PTX, %d iterations of %.0f ms timed by the device's events; bytes counted as STREAM does; theoretical"
                        + " peaks by the highest clock that the driver reports or that is seen under multiply-adds; copies from and to pinned memory",
                MeasuredMachine.ACCELERATOR,
                timer.iterations(),
                timer.seconds() / SECONDS_PER_MILLISECOND));
        List<GpuContext> all = List.copyOf(contexts.values());
        for (GpuContext context : all) {
            steps.addAll(new DeviceSteps(context, atHighestClock(context, timer), timer, pciDevices).steps());
        }
        for (int i = 0; i < all.size(); i++) {
            for (GpuContext other : all.subList(i + 1, all.size())) {
                addPeers(driver, all.get(i), other, timer);
            }
        }
    }

    /** Some devices run faster than what their driver calls the peak. */
    private GpuDevice atHighestClock(GpuContext context, GpuTimer timer) {
        GpuDevice device = context.device();
        double seen = 0;
        try {
            seen = new GpuArithmetic(context, timer).clockHertz();
        } catch (GpuException e) {
            missing(device, "clock", e);
        }
        findings.condition(String.format(
                Locale.ROOT,
                "%s: clock %.2f GHz by the driver, %s under multiply-adds",
                name(device),
                device.clockHertz() / GIGA,
                seen == 0 ? "not measured" : String.format(Locale.ROOT, "%.2f GHz", seen / GIGA)));
        return device.clockHertz() == 0 ? device : device.withClock(Math.max(seen, device.clockHertz()));
    }

    private void addPeers(GpuDriver driver, GpuContext first, GpuContext second, GpuTimer timer) {
        try {
            addReachable(driver, first, second, timer);
        } catch (GpuException e) {
            missing(first.device(), "peer " + second.device().index(), e);
        }
    }

    private void addReachable(GpuDriver driver, GpuContext first, GpuContext second, GpuTimer timer)
            throws GpuException {
        if (driver.reaches(first.device(), second.device()) && driver.reaches(second.device(), first.device())) {
            steps.addAll(DeviceSteps.peers(first, second, timer));
        } else {
            findings.missing(
                    name(first.device()) + " peer " + second.device().index(),
                    "one does not reach the memory of the other: copies go through the host",
                    "nvidia-smi topo -p2p r has the reason: for CNS or TNS take devices of one NVLink or PCIe switch, for GNS"
                            + " there is no fix, as the driver lets no device of this model reach others");
        }
    }

    static String name(GpuDevice device) {
        return MeasuredAccelerator.nameOf(device.index());
    }

    private void missing(GpuDevice device, String what, GpuException e) {
        findings.missing((name(device) + " " + what).strip(), String.valueOf(e.getMessage()), e.fix());
    }

    List<Step> steps() {
        return steps;
    }

    /** An error that only shows now does not undo what was measured. */
    @Override
    public void close() {
        contexts.forEach((device, context) -> {
            try {
                context.close();
            } catch (GpuException e) {
                findings.condition(name(device) + ": was not released in order: " + e.getMessage());
            }
        });
        contexts.clear();
    }
}
