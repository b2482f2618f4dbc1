package org.mlhpc.harness.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.mlhpc.api.Communicator;

/**
 * The different answers that the ranks of a job give, each once, that of rank 0 first.
 *
 * @param ranks the first rank that gave it, and how many did
 */
record Variants(List<Map<String, String>> answers, List<Ranks> ranks) {
    /** Of thousands of nodes that all differ, the first are enough. */
    private static final int MOST = 8;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    record Ranks(int first, int count) {
        @Override
        public String toString() {
            return count == 1 ? "rank " + first : "rank " + first + " and " + (count - 1) + " more";
        }
    }

    /** Collective; the same on all ranks. Only checksums and one copy of each different answer are sent. */
    static Variants gather(Communicator world, Map<String, String> answer) {
        byte[] own = bytes(answer);
        var crc = new CRC32C();
        crc.update(own);
        double[] sums = world.gather((double) crc.getValue());
        var counts = new LinkedHashMap<Double, Integer>();
        var firsts = new LinkedHashMap<Double, Integer>();
        for (int rank = 0; rank < sums.length; rank++) {
            counts.merge(sums[rank], 1, Integer::sum);
            firsts.putIfAbsent(sums[rank], rank);
        }
        var answers = new ArrayList<Map<String, String>>();
        var ranks = new ArrayList<Ranks>();
        for (Map.Entry<Double, Integer> first :
                firsts.entrySet().stream().limit(MOST).toList()) {
            answers.add(map(world.broadcast(own, first.getValue())));
            ranks.add(new Ranks(first.getValue(), counts.getOrDefault(first.getKey(), 0)));
        }
        return new Variants(answers, ranks);
    }

    private static byte[] bytes(Map<String, String> answer) {
        try {
            return JSON.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are JSON", e);
        }
    }

    private static Map<String, String> map(byte[] json) {
        try {
            return JSON.readValue(json, new TypeReference<LinkedHashMap<String, String>>() {});
        } catch (java.io.IOException e) {
            throw new IllegalStateException("an answer of another rank was damaged on its way", e);
        }
    }
}
