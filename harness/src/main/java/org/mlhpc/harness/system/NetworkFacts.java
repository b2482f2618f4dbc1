package org.mlhpc.harness.system;

import java.util.OptionalLong;
import java.util.TreeMap;

/** Network adapters of a node, those that are up. */
final class NetworkFacts {
    private static final String ADAPTERS = "sys/class/infiniband";
    private static final String DEVICES = "sys/class/net";
    /** Type of a network device that is IP over InfiniBand, which is counted as an adapter already. */
    private static final String INFINIBAND_TYPE = "32";

    private NetworkFacts() {}

    static void add(SystemTree tree, Facts facts) {
        var links = new TreeMap<String, Integer>();
        for (String adapter : tree.names(ADAPTERS)) {
            for (String port : tree.names(ADAPTERS + "/" + adapter + "/ports")) {
                String folder = ADAPTERS + "/" + adapter + "/ports/" + port;
                if (tree.text(folder + "/link_layer").equals("InfiniBand")
                        && tree.text(folder + "/state").endsWith("ACTIVE")) {
                    links.merge("InfiniBand " + tree.text(folder + "/rate"), 1, Integer::sum);
                }
            }
        }
        for (String device : tree.names(DEVICES)) {
            String folder = DEVICES + "/" + device;
            boolean ethernet = tree.exists(folder + "/device")
                    && !tree.text(folder + "/type").equals(INFINIBAND_TYPE);
            if (ethernet && !tree.text(folder + "/operstate").equals("down")) {
                OptionalLong speed = tree.number(folder + "/speed");
                String rate = speed.isPresent() ? " " + speed.getAsLong() + " Mb/s" : " of unknown rate";
                links.merge("Ethernet" + rate, 1, Integer::sum);
            }
        }
        facts.putCounted("host_networking", links);
    }
}
