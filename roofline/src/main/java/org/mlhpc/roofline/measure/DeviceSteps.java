package org.mlhpc.roofline.measure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.AcceleratorCeiling;
import org.mlhpc.roofline.gpu.GpuArithmetic;
import org.mlhpc.roofline.gpu.GpuContext;
import org.mlhpc.roofline.gpu.GpuDevice;
import org.mlhpc.roofline.gpu.GpuException;
import org.mlhpc.roofline.gpu.GpuLinks;
import org.mlhpc.roofline.gpu.GpuLinks.Direction;
import org.mlhpc.roofline.gpu.GpuPeaks;
import org.mlhpc.roofline.gpu.GpuProducts;
import org.mlhpc.roofline.gpu.GpuRates;
import org.mlhpc.roofline.gpu.GpuTimer;
import org.mlhpc.roofline.gpu.GpuTraffic;
import org.mlhpc.roofline.gpu.PciLink;

/**
 * Memory, caches, arithmetic and links of one accelerator.
 *
 * @param device with the clock that peaks are calculated with
 * @param pciDevices the kernel's folder of PCI devices
 */
record DeviceSteps(GpuContext context, GpuDevice device, GpuTimer timer, Path pciDevices) {
    private static final String LIBRARY = "cuBLAS";
    private static final String BYTES = Resource.MEMORY.unit();
    private static final String FLOP = Resource.COMPUTE.unit();

    /** What a ceiling is called, and its theoretical peak. */
    private record Subject(String level, String operation, String precision, String unit, Optional<Double> peak) {
        String label() {
            return (level + " " + operation + " " + precision).strip();
        }
    }

    @FunctionalInterface
    private interface Measurement {
        GpuRates rates() throws GpuException;
    }

    List<Step> steps() {
        var steps = new ArrayList<Step>();
        addTraffic(steps);
        addArithmetic(steps);
        steps.add(new Step(name() + " " + LIBRARY, this::products));
        addHostLinks(steps);
        return steps;
    }

    private String name() {
        return AcceleratorSteps.name(device());
    }

    private void addTraffic(List<Step> steps) {
        var traffic = new GpuTraffic(context, timer);
        for (String operation : GpuTraffic.OPERATIONS) {
            var subject = new Subject("memory", operation, "", BYTES, GpuPeaks.memory(device()));
            steps.add(step(subject, () -> traffic.memory(operation)));
        }
        for (String operation : GpuTraffic.OPERATIONS) {
            steps.add(step(new Subject("L2", operation, "", BYTES, Optional.empty()), () -> traffic.l2(operation)));
        }
    }

    private void addArithmetic(List<Step> steps) {
        var arithmetic = new GpuArithmetic(context, timer);
        for (String precision : GpuArithmetic.LOOPS) {
            var subject = new Subject("plain loop", "fma", precision, FLOP, GpuPeaks.loop(device(), precision));
            steps.add(step(subject, () -> arithmetic.loop(precision)));
        }
        for (String precision : GpuArithmetic.MATRIX) {
            Optional<Double> peak = GpuPeaks.matrix(device(), precision);
            steps.add(step(
                    new Subject("matrix units", "warp", precision, FLOP, peak), () -> arithmetic.matrix(precision)));
            if (GpuArithmetic.hasGroups(device(), precision)) {
                steps.add(step(
                        new Subject("matrix units", "warp group", precision, FLOP, peak),
                        () -> arithmetic.groupMatrix(precision)));
            }
        }
    }

    /** All precisions in one step, so that a missing library is told once. */
    private void products(Findings findings) {
        try {
            context.products().close();
        } catch (GpuException e) {
            findings.missing(name() + " " + LIBRARY, String.valueOf(e.getMessage()), e.fix());
            return;
        }
        var products = new GpuProducts(context, timer);
        for (String precision : GpuProducts.PRECISIONS) {
            var subject = new Subject(LIBRARY, "matmul", precision, FLOP, peakOfProducts(precision));
            measure(subject, () -> products.rates(precision), findings);
        }
    }

    /** A library takes matrix units where they are faster: of fp32 never, since they round its numbers. */
    private Optional<Double> peakOfProducts(String precision) {
        Optional<Double> matrix = GpuPeaks.matrix(device(), precision);
        Optional<Double> loop = GpuPeaks.loop(device(), precision);
        return matrix.map(peak -> Math.max(peak, loop.orElse(0.0))).or(() -> loop);
    }

    private void addHostLinks(List<Step> steps) {
        var links = new GpuLinks(timer);
        Optional<Double> oneWay = PciLink.bytesPerSecond(pciDevices, device());
        for (Direction direction : Direction.values()) {
            Optional<Double> peak = direction == Direction.BOTH ? oneWay.map(rate -> 2 * rate) : oneWay;
            steps.add(step(
                    new Subject("PCIe", way(direction, "device"), "", BYTES, peak),
                    () -> links.host(context, direction)));
        }
    }

    /** Links between two accelerators that reach each other; ceilings of the first. */
    static List<Step> peers(GpuContext first, GpuContext second, GpuTimer timer) {
        var links = new GpuLinks(timer);
        var near = new DeviceSteps(first, first.device(), timer, AcceleratorSteps.PCI_DEVICES);
        String level = "peer " + second.device().index();
        var steps = new ArrayList<Step>();
        for (Direction direction : Direction.values()) {
            var subject = new Subject(level, way(direction, "peer"), "", BYTES, Optional.empty());
            steps.add(near.step(subject, () -> links.peers(first, second, direction)));
        }
        return steps;
    }

    private static String way(Direction direction, String far) {
        return switch (direction) {
            case FORTH -> "to " + far;
            case BACK -> "from " + far;
            case BOTH -> "both ways";
        };
    }

    private Step step(Subject subject, Measurement measurement) {
        return new Step(name() + " " + subject.label(), findings -> measure(subject, measurement, findings));
    }

    private void measure(Subject subject, Measurement measurement, Findings findings) {
        try {
            GpuRates rates = measurement.rates();
            findings.add(
                    device().index(),
                    AcceleratorCeiling.of(
                            subject.level(),
                            subject.operation(),
                            subject.precision(),
                            subject.unit(),
                            rates.perSecond(),
                            subject.peak(),
                            rates.fault()));
        } catch (GpuException e) {
            findings.missing(name() + " " + subject.label(), String.valueOf(e.getMessage()), e.fix());
        }
    }
}
