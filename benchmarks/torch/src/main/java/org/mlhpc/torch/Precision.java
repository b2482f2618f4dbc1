package org.mlhpc.torch;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Arithmetic of convolutions and matrix products; weights, optimizer and everything else stay in fp32. */
public enum Precision {
    FP32 {
        @Override
        public <T> T run(Supplier<T> forward) {
            return forward.get();
        }
    },
    /** Automatic mixed precision with bfloat16. */
    BF16 {
        @Override
        public <T> T run(Supplier<T> forward) {
            torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
            torch.set_autocast_enabled(DeviceType.CPU, true);
            try {
                return forward.get();
            } finally {
                // The cache holds casts of weights, which are about to change.
                torch.clear_cache();
                torch.set_autocast_enabled(DeviceType.CPU, false);
            }
        }
    };

    /** Runs a forward pass in this precision. */
    public abstract <T> T run(Supplier<T> forward);
}
