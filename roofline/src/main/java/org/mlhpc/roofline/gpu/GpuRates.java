package org.mlhpc.roofline.gpu;

import java.util.Optional;
import org.mlhpc.roofline.Spread;

/**
 * What a device was measured to reach.
 *
 * @param perSecond FLOP/s or B/s over the iterations
 * @param fault what the kernel computed wrongly; empty if its results are right
 */
public record GpuRates(Spread perSecond, Optional<String> fault) {
    static GpuRates right(Spread perSecond) {
        return new GpuRates(perSecond, Optional.empty());
    }
}
