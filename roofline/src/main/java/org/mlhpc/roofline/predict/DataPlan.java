package org.mlhpc.roofline.predict;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where a node finds its data in each epoch, and how long it takes to bring them there.
 *
 * @param stagingSeconds before training
 * @param bytesPerSecond at which a node reads what is not in its memory; infinite if all of it is
 * @param sharedLimits whether that rate is the node's part of what all nodes share, rather than what it can read itself
 * @param cached whether what was read once is read from memory later
 * @param shared whether any node may meet any sample, so that it has not seen all of them after one epoch
 * @param written whether staging writes to each node's own storage; it goes to memory alone, or there is none, otherwise
 */
public record DataPlan(
        Place place,
        double stagingSeconds,
        double bytesPerSecond,
        boolean sharedLimits,
        boolean cached,
        boolean shared,
        boolean written) {
    /** The rest is for the processes; a page cache beyond it is not counted on. */
    static final double CACHE_SHARE = 0.7;

    /** Where the data are while training. */
    public enum Place {
        MEMORY,
        NODE_LOCAL,
        SHARED;

        public String inWords() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Which part of the data each node gets. */
    public enum Staging {
        /** Nothing is staged: nodes read from the shared file system. */
        IN_PLACE,
        /** Each node gets its share of the data. */
        SHARD,
        /** Each node gets all data, read once from the shared file system and forwarded. */
        COPY
    }

    /**
     * Plans for a data set. Data in place that fit into {@link #CACHE_SHARE} of a node's memory are read from storage once by
     * each node; staged data that fit there are not read again. A staging that does not fit on the nodes' own storage, nor into
     * their memory, is not possible; data are streamed then. Memory of unknown size holds nothing.
     */
    public static DataPlan of(DataSet data, Cluster cluster, int nodes, Staging staging) {
        double perNode = staging == Staging.COPY ? data.bytes() : data.bytes() / nodes;
        // Without staging each node meets other samples in each epoch, in the end all of them.
        double cachedBytes = staging == Staging.IN_PLACE ? data.bytes() : perNode;
        boolean cached = cachedBytes <= CACHE_SHARE * cluster.memoryBytes().orElse(0.0);
        boolean local = isLocal(cluster, perNode);
        if (staging == Staging.IN_PLACE || !(cached || local)) {
            double part = cluster.sharedRate() / nodes;
            return new DataPlan(
                    cached ? Place.MEMORY : Place.SHARED,
                    0,
                    Math.min(cluster.storage(), part),
                    part < cluster.storage(),
                    cached,
                    true,
                    false);
        }
        // As a node can write them to its own storage, or read them where they go to memory alone.
        double own = local ? cluster.localWrite() : cluster.storage();
        double incoming = staging == Staging.COPY && nodes > 1 ? Math.min(own, link(cluster)) : own;
        double seconds = Math.max(data.bytes() / cluster.sharedRate(), perNode / incoming);
        return cached
                ? new DataPlan(Place.MEMORY, seconds, Double.POSITIVE_INFINITY, false, true, false, local)
                : new DataPlan(Place.NODE_LOCAL, seconds, cluster.localRead(), false, false, false, local);
    }

    /** Which rates of {@code cluster} nobody measured that staging or reading by this plan would be limited by, in words. */
    List<String> lacking(Cluster cluster) {
        var rates = new LinkedHashMap<String, Double>();
        rates.put("what all nodes together read from the shared file system", cluster.sharedRate());
        if (written) {
            rates.put("what a node writes to its own storage", cluster.localWrite());
        } else {
            rates.put("what a node reads", cluster.storage());
        }
        if (place == Place.NODE_LOCAL) {
            rates.put("what a node reads from its own storage", cluster.localRead());
        }
        return rates.entrySet().stream()
                .filter(rate -> Double.isInfinite(rate.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isLocal(Cluster cluster, double perNode) {
        return cluster.local().filter(own -> perNode <= own.bytes()).isPresent();
    }

    /**
     * How many of {@code epochs} are read from storage; none of what staging left in memory. A node that meets a random part of
     * 1/n of the samples in each epoch has not met a sample with probability (1 - 1/n)^e after e of them.
     */
    double epochsRead(double epochs, int nodes) {
        if (!cached) {
            return epochs;
        }
        return shared ? nodes * (1 - Math.pow(1 - 1.0 / nodes, epochs)) : 0;
    }

    /** Through which other nodes forward data to a node. */
    private static double link(Cluster cluster) {
        return cluster.network().map(Network::bytesPerSecond).orElse(Double.POSITIVE_INFINITY);
    }
}
