package org.mlhpc.oc20.pickle;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code torch.save} says about the machine; readers check no more than the byte order. */
final class MachineTypes {
    static final Map<Object, Object> STATE = state();

    private MachineTypes() {}

    private static Map<Object, Object> state() {
        var sizes = new LinkedHashMap<Object, Object>();
        sizes.put("short", 2L);
        sizes.put("int", 4L);
        sizes.put("long", 4L);
        var state = new LinkedHashMap<Object, Object>();
        state.put("protocol_version", 1001L);
        state.put("little_endian", true);
        state.put("type_sizes", sizes);
        return state;
    }
}
