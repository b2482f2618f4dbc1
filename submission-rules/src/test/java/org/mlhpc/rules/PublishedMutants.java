package org.mlhpc.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mutants of a published log, under one ruleset.
 *
 * @param ruleset the rules it is judged by
 * @param number position of the log in the list of those that are used
 */
record PublishedMutants(String ruleset, int number) {
    private static final int MUTANTS = 300;

    /** Short logs of all benchmarks and divisions that the rounds have; one has other text between its events. */
    private static final List<String> LOGS = List.of(
            "v0.7/NCSA/results/halv100_n16_tf1.15.0/cosmoflow/result_10.txt",
            "v0.7/LBNL/results/coriknl_n1024_tf1.15.2/cosmoflow/result_7.txt",
            "v0.7/Fujitsu/results/abci_1024xV100_fjpytorch_open/deepcam/result_2.txt",
            "v0.7/Fujitsu/results/abci_1024xV100_pytorch_closed/deepcam/result_2.txt",
            "v1.0/NVIDIA/results/dgxa100_n128_ngc21.09_mxnet/strong/cosmoflow/result_1.txt",
            "v1.0/Fujitsu+RIKEN/results/fugaku_82944xA64FX_tensorflow_open/weak/cosmoflow/result_69.txt",
            "v1.0/HelmholtzAI/results/horeka_gpu_n512_pytorch1.10/strong/deepcam/result_2.txt",
            "v1.0/NCSA/results/halv100_n16_pt1.7.1/strong/oc20/result_01.txt",
            "v2.0/NVIDIA/results/dgxa100_n64_pytorch/strong/cosmoflow/result_1.txt",
            "v2.0/NVIDIA/results/dgxa100_n512_pytorch/weak/deepcam/result_003.txt",
            "v2.0/HelmholtzAI/results/horeka_gpu_n64_pytorch1.13/weak/oc20/result_7.txt");

    /** Each log under the rules of its round and of the others that have its benchmark and keys. */
    static List<PublishedMutants> all() {
        var all = new ArrayList<PublishedMutants>();
        for (int number = 0; number < LOGS.size(); number++) {
            List<String> rulesets = LOGS.get(number).startsWith("v0.7")
                    ? List.of("0.5.0", "0.5.0-strict")
                    : List.of("1.0.0", "2.0.0", "3.0.0");
            for (String ruleset : rulesets) {
                all.add(new PublishedMutants(ruleset, number));
            }
        }
        return all;
    }

    String name() {
        return ruleset + " published " + number;
    }

    /** Path in the folder of the published logs, with the round in front. */
    String log() {
        return LOGS.get(number);
    }

    /** @param published folder with v0.7, v1.0 and v2.0 */
    List<List<String>> of(Path published) throws IOException {
        List<String> log = Files.readAllLines(published.resolve(log()), StandardCharsets.ISO_8859_1);
        return Mutants.sample(log, MUTANTS, number);
    }
}
