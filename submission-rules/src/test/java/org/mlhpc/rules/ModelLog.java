package org.mlhpc.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A short log that keeps all rules, with no more than they ask for and the staging that they expect.
 *
 * @param ruleset the rules it keeps
 * @param benchmark the benchmark it is of
 * @param division closed or open
 */
public record ModelLog(String ruleset, String benchmark, String division) {
    private static final long START_MILLIS = 1_700_000_000_000L;

    /** One for each ruleset, benchmark of it, and division. */
    static Stream<ModelLog> all() {
        return RuleSet.names().stream()
                .flatMap(ruleset -> benchmarks(ruleset).stream().flatMap(benchmark -> Stream.of("closed", "open")
                        .map(division -> new ModelLog(ruleset, benchmark, division))));
    }

    private static List<String> benchmarks(String ruleset) {
        return switch (ruleset) {
            case "0.5.0", "0.5.0-strict" -> List.of("cosmoflow", "deepcam");
            case "3.0.0" -> List.of("cosmoflow", "deepcam", "oc20", "openfold");
            default -> List.of("cosmoflow", "deepcam", "oc20");
        };
    }

    private boolean ofFirstRound() {
        return ruleset.startsWith("0.5.0");
    }

    /** The lines, without line feeds. */
    public List<String> lines() {
        var lines = new Lines();
        lines.start("init_start");
        lines.point("cache_clear", "true");
        lines.point("submission_benchmark", '"' + benchmark + '"');
        lines.point("submission_division", '"' + division + '"');
        lines.point("submission_org", "\"nobody\"");
        lines.point("submission_status", "\"research\"");
        lines.point("submission_platform", "\"model\"");
        lines.point("seed", "7");
        if (division.equals("closed")) {
            if (!ofFirstRound()) {
                lines.point("number_of_nodes", "1");
                lines.point("accelerators_per_node", "0");
            }
            settings().forEach(lines::point);
        }
        lines.end("init_stop", "");
        lines.start("run_start");
        lines.start("staging_start");
        lines.end("staging_stop", "");
        if (!lines.has("train_samples")) {
            lines.point("train_samples", "512");
            lines.point("eval_samples", "64");
        }
        for (int epoch = 1; epoch <= 2; epoch++) {
            epoch(lines, epoch);
        }
        lines.end("run_stop", ",\"status\":\"success\"");
        return lines.text;
    }

    private void epoch(Lines lines, int epoch) {
        String number = ",\"epoch_num\":" + epoch;
        boolean reached = epoch == 2;
        lines.add("INTERVAL_START", "epoch_start", "null", number);
        lines.add("INTERVAL_START", "eval_start", "null", number);
        switch (benchmark) {
            case "cosmoflow" -> lines.add("POINT_IN_TIME", "eval_error", reached ? "0.124" : "0.3", number);
            case "oc20" -> lines.add("POINT_IN_TIME", "eval_error", reached ? "0.036" : "0.04", number);
            case "deepcam" -> lines.add("POINT_IN_TIME", "eval_accuracy", reached ? "0.82" : "0.7", number);
            default -> lines.add("POINT_IN_TIME", "eval_accuracy", reached ? "0.8" : "0.5", number);
        }
        lines.end("eval_stop", number);
        lines.end("epoch_stop", number);
    }

    private Map<String, String> settings() {
        String text =
                switch (benchmark) {
                    case "cosmoflow" ->
                        """
                    global_batch_size 8
                    opt_name "sgd"
                    sgd_opt_momentum 0.9
                    opt_base_learning_rate 0.004
                    opt_learning_rate_warmup_epochs 2
                    opt_learning_rate_warmup_factor 1.0
                    opt_learning_rate_decay_boundary_epochs [8,14]
                    opt_learning_rate_decay_factor 0.25
                    dropout 0.5
                    opt_weight_decay 0.01""";
                    case "deepcam" ->
                        ofFirstRound()
                                ? """
                    global_batch_size 8
                    opt_name "LAMB"
                    opt_base_learning_rate 0.004
                    opt_learning_rate_warmup_steps 0
                    opt_learning_rate_warmup_factor 1.0
                    opt_epsilon 1e-6"""
                                : DEEPCAM;
                    case "oc20" ->
                        """
                    global_batch_size 8
                    opt_name "AdamW"
                    opt_base_learning_rate 0.0004
                    opt_learning_rate_warmup_steps 100
                    opt_learning_rate_warmup_factor 0.2
                    opt_learning_rate_decay_boundary_steps [125,250]
                    opt_learning_rate_decay_factor 0.1""";
                    default -> OPENFOLD;
                };
        var settings = new LinkedHashMap<String, String>();
        text.lines().forEach(line -> settings.put(line.split(" ", 2)[0], line.split(" ", 2)[1]));
        return settings;
    }

    private static final String DEEPCAM =
            """
            global_batch_size 2048
            gradient_accumulation_frequency 1
            batchnorm_group_size 1
            opt_name "LAMB"
            opt_bias_correction true
            opt_grad_averaging true
            opt_max_grad_norm 1.0
            opt_lr 0.0055
            opt_betas [0.9,0.999]
            opt_eps 1e-6
            opt_weight_decay 0.01
            scheduler_type "multistep"
            scheduler_milestones [800]
            scheduler_decay_rate 0.1
            scheduler_lr_warmup_steps 400
            scheduler_lr_warmup_factor 1.0
            train_samples 121266
            eval_samples 15158""";

    private static final String OPENFOLD =
            """
            global_batch_size 256
            target_avg_lddt_ca_value 0.8
            train_max_pdb_release_date "2021-09-16"
            val_min_cameo_submission_date "2021-09-17"
            val_max_cameo_submission_date "2021-12-11"
            val_max_sequence_length 700
            val_every_iters 40
            train_samples 594595
            eval_samples 180
            model_parameters_count 93229082
            init_checkpoint_sha256sum "b518be4677048f2c0f94889c91e2da73655a73b825a8aa7f8b6f5e580d8ffbed"
            train_sequence_crop_size 256
            num_recycling_iters 3
            max_msa_clusters 124
            max_extra_msa 1024
            templates_enabled true
            max_templates 4
            fape_loss_weight 1.0
            fape_loss_backbone_weight 0.5
            fape_loss_sidechain_weight 0.5
            supervised_chi_loss_weight 1.0
            distogram_loss_weight 0.3
            masked_msa_loss_weight 2.0
            plddt_loss_weight 0.01
            opt_name "Adam"
            opt_adam_beta_1 0.9
            opt_adam_beta_2 0.999
            opt_adam_epsilon 1e-6
            opt_weight_decay 0.0
            opt_amsgrad false
            opt_gradient_clipping true
            opt_gradient_clip_norm 0.1
            swa_enabled true
            swa_decay_rate 0.9
            opt_base_learning_rate 0.001
            opt_learning_rate_warmup_init 0.00001
            opt_learning_rate_warmup_steps 0
            initial_training_dataloader_type "InitialTrainingDataloaderPT\"""";

    @Override
    public String toString() {
        return ruleset + " " + benchmark + " " + division;
    }

    private static final class Lines {
        private final List<String> text = new ArrayList<>();

        void start(String key) {
            add("INTERVAL_START", key, "null", "");
        }

        void end(String key, String metadata) {
            add("INTERVAL_END", key, "null", metadata);
        }

        void point(String key, String value) {
            add("POINT_IN_TIME", key, value, "");
        }

        void add(String type, String key, String value, String metadata) {
            long millis = START_MILLIS + 1000L * text.size();
            text.add(
                    ":::MLLOG {\"namespace\":\"\",\"time_ms\":" + millis + ",\"event_type\":\"" + type + "\",\"key\":\""
                            + key + "\",\"value\":" + value + ",\"metadata\":{\"file\":\"Model.java\",\"lineno\":"
                            + (text.size() + 1) + metadata + "}}");
        }

        boolean has(String key) {
            return text.stream().anyMatch(line -> line.contains('"' + key + '"'));
        }
    }
}
