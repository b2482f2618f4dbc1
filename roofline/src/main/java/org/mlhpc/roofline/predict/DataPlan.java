package org.mlhpc.roofline.predict;

import java.util.Locale;

/**
 * Where a node finds its data in each epoch, and how long it takes to bring them there.
 *
 * @param stagingSeconds before training
 * @param bytesPerSecond at which a node reads what is not in its memory; infinite if all of it is
 * @param cached whether what was read once is read from memory later
 * @param shared whether any node may meet any sample, so that it has not seen all of them after one epoch
 */
public record DataPlan(Place place, double stagingSeconds, double bytesPerSecond, boolean cached, boolean shared) {
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
     * Plans for a data set. Data on each node that fit into {@link #CACHE_SHARE} of its memory are read from storage once. A
     * staging that does not fit on the nodes' own storage, nor into their memory, is not possible; data are streamed then.
     */
    public static DataPlan of(DataSet data, Cluster cluster, int nodes, Staging staging) {
        double perNode = staging == Staging.COPY ? data.bytes() : data.bytes() / nodes;
        // Without staging each node meets other samples in each epoch, in the end all of them.
        double cachedBytes = staging == Staging.IN_PLACE ? data.bytes() : perNode;
        boolean cached = cachedBytes <= CACHE_SHARE * cluster.memoryBytes();
        double streamed = Math.min(cluster.storage(), cluster.shared() / nodes);
        boolean fits = cluster.localBytes().filter(bytes -> perNode <= bytes).isPresent() || cached;
        if (staging == Staging.IN_PLACE || !fits) {
            return new DataPlan(cached ? Place.MEMORY : Place.SHARED, 0, streamed, cached, true);
        }
        double seconds = Math.max(data.bytes() / cluster.shared(), perNode / incoming(cluster, staging, nodes));
        Place place = cached ? Place.MEMORY : Place.NODE_LOCAL;
        return new DataPlan(place, seconds, cached ? Double.POSITIVE_INFINITY : cluster.storage(), cached, false);
    }

    /**
     * How many of {@code epochs} are read from storage. A node that meets a random part of 1/n of the samples in each epoch has
     * not met a sample with probability (1 - 1/n)^e after e of them.
     */
    double epochsRead(double epochs, int nodes) {
        if (!cached) {
            return epochs;
        }
        return shared ? nodes * (1 - Math.pow(1 - 1.0 / nodes, epochs)) : Math.min(1, epochs);
    }

    /** At which a node takes its data: written to its storage, and through its link if other nodes forward them. */
    private static double incoming(Cluster cluster, Staging staging, int nodes) {
        double link = cluster.network().map(Network::bytesPerSecond).orElse(Double.POSITIVE_INFINITY);
        double write = cluster.storageWrite();
        return staging == Staging.COPY && nodes > 1 ? Math.min(write, link) : write;
    }
}
