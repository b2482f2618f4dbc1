package org.mlhpc.staging.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Chooses a strategy from facts; docs/metrics.md, "Staging", derives the predictions. */
public final class Planner {
    /** A later strategy in the order of {@link Strategy} must be faster than an earlier one by this factor. */
    private static final double WORTH_IT = 0.95;

    private final Facts facts;

    private Planner(Facts facts) {
        this.facts = facts;
    }

    /**
     * The plan for these facts.
     *
     * @param asked the strategy the user asks for; empty to choose among {@link Facts#candidates}
     */
    public static Plan plan(Facts facts, Optional<Strategy> asked) {
        var planner = new Planner(facts);
        List<Prediction> predictions = new ArrayList<>();
        for (Strategy strategy : Strategy.values()) {
            predictions.add(planner.predict(strategy, asked.isPresent()));
        }
        Strategy chosen = asked.orElseGet(() -> planner.best(predictions));
        return new Plan(chosen, asked.isPresent(), predictions, facts);
    }

    private Strategy best(List<Prediction> predictions) {
        List<Prediction> possible = predictions.stream()
                .filter(Prediction::isPossible)
                .filter(prediction -> facts.candidates().contains(prediction.strategy()))
                // Parts change which samples meet in a batch: they are chosen only where the whole set finds no room.
                .sorted(Comparator.comparing(prediction -> prediction.strategy() == Strategy.SHARD))
                .toList();
        if (possible.isEmpty()) {
            return facts.candidates().get(0);
        }
        Prediction best = possible.get(0);
        for (Prediction next : possible) {
            boolean worthIt = next.strategy() != Strategy.SHARD && total(next) < WORTH_IT * total(best);
            best = worthIt ? next : best;
        }
        return best.strategy();
    }

    private static double total(Prediction prediction) {
        return prediction.seconds().map(Prediction.Seconds::total).orElse(Double.POSITIVE_INFINITY);
    }

    private Prediction predict(Strategy strategy, boolean asked) {
        Optional<Prediction.Seconds> seconds = facts.rates().map(rates -> seconds(strategy, rates));
        String room = wantOfRoom(strategy);
        String obstacle =
                Optional.of(obstacle(strategy)).filter(text -> !text.isEmpty()).orElse(room);
        boolean lacksRoom = !room.isEmpty() && obstacle.equals(room);
        if (obstacle.isEmpty() && !asked && !facts.candidates().contains(strategy)) {
            obstacle = "not asked for";
        }
        return new Prediction(strategy, seconds, obstacle, lacksRoom);
    }

    /** What more room would not change. */
    private String obstacle(Strategy strategy) {
        String alone = facts.nodes() < 2 ? "there is no other node to forward to" : "";
        return switch (strategy) {
            case IN_PLACE -> "";
            case COPY -> noDestination();
            case FORWARD -> alone.isEmpty() ? noDestination() : alone;
            case SHARD -> shardObstacle();
            case MEMORY -> facts.memoryBytes().isEmpty() ? "how much memory is free is not known" : "";
        };
    }

    private String shardObstacle() {
        if (!facts.shards()) {
            return "the workload cannot read a part of the data on each node";
        }
        return facts.nodes() < 2 ? "one node would get everything" : noDestination();
    }

    private String noDestination() {
        return facts.freeBytes().isEmpty() ? "no destination was given" : "";
    }

    private String wantOfRoom(Strategy strategy) {
        return switch (strategy) {
            case IN_PLACE -> "";
            case COPY, FORWARD -> wantOfRoom(facts.bytes(), facts.freeBytes(), "");
            case SHARD -> wantOfRoom(facts.bytes() / facts.nodes(), facts.freeBytes(), "");
            case MEMORY -> wantOfRoom(facts.bytes(), facts.memoryBytes(), " of memory");
        };
    }

    private static String wantOfRoom(long bytes, OptionalLong free, String where) {
        return free.isPresent() && bytes > free.getAsLong()
                ? Plan.size((double) bytes) + " do not fit into " + Plan.size((double) free.getAsLong()) + where
                : "";
    }

    private Prediction.Seconds seconds(Strategy strategy, Rates rates) {
        double bytes = facts.bytes();
        int nodes = facts.nodes();
        double read = facts.epochs() * bytes / nodes / rates.read();
        double shared = bytes / rates.sharedOfAll();
        double write = bytes / rates.write();
        double once = Math.max(shared, bytes / rates.broadcast());
        return switch (strategy) {
            case IN_PLACE -> new Prediction.Seconds(0, readInPlace() / rates.sharedOfAll());
            case COPY -> new Prediction.Seconds(Math.max(nodes * shared, write), read);
            case FORWARD -> new Prediction.Seconds(Math.max(once, write), read);
            case SHARD -> new Prediction.Seconds(Math.max(shared, write / nodes), read);
            case MEMORY -> new Prediction.Seconds(nodes > 1 ? once : shared, 0);
        };
    }

    /**
     * Bytes that all epochs read from the source. In each epoch a node reads a random part of the data; what it has seen
     * before comes from its page cache, if that holds the whole set.
     */
    private double readInPlace() {
        double bytes = facts.bytes();
        boolean cached = facts.memoryBytes().isPresent()
                && facts.bytes() <= facts.memoryBytes().getAsLong();
        double unseen = Math.pow(1 - 1.0 / facts.nodes(), facts.epochs());
        return cached ? facts.nodes() * bytes * (1 - unseen) : facts.epochs() * bytes;
    }
}
