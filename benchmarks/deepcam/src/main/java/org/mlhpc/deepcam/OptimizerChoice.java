package org.mlhpc.deepcam;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mlhpc.api.OperatorWork.Pass;
import org.mlhpc.torch.Accounting;
import org.mlhpc.torch.Adam;
import org.mlhpc.torch.AdamOptions;
import org.mlhpc.torch.Lamb;
import org.mlhpc.torch.Optimizer;
import org.mlhpc.torch.Parameters;

/** Setting of the same name: one of the optimizers that the rules allow. */
record OptimizerChoice(Name optName) {
    /** As the log spells them. */
    enum Name {
        ADAM("Adam") {
            @Override
            Optimizer build(Parameters parameters, AdamOptions options) {
                return Adam.adam(parameters, options);
            }

            @Override
            Pass work(long parameters, boolean decays) {
                return Accounting.adam(parameters, decays, false);
            }
        },
        ADAMW("AdamW") {
            @Override
            Optimizer build(Parameters parameters, AdamOptions options) {
                return Adam.adamW(parameters, options);
            }

            @Override
            Pass work(long parameters, boolean decays) {
                return Accounting.adam(parameters, decays, true);
            }
        },
        LAMB("LAMB") {
            @Override
            Optimizer build(Parameters parameters, AdamOptions options) {
                return new Lamb(parameters, options);
            }

            @Override
            Pass work(long parameters, boolean decays) {
                return Accounting.lamb(parameters, decays);
            }
        };

        private final String logged;

        Name(String logged) {
            this.logged = logged;
        }

        abstract Optimizer build(Parameters parameters, AdamOptions options);

        abstract Pass work(long parameters, boolean decays);

        @Override
        public String toString() {
            return logged;
        }
    }

    /** By log key; LAMB has fixed values of its own. */
    Map<String, Object> logged(AdamOptions options) {
        var logged = new LinkedHashMap<String, Object>();
        logged.put("opt_name", optName.toString());
        logged.put("opt_betas", options.optBetas());
        logged.put("opt_eps", options.optEps());
        logged.put("opt_weight_decay", options.optWeightDecay());
        if (optName == Name.LAMB) {
            logged.put("opt_bias_correction", 1);
            logged.put("opt_grad_averaging", 1);
            logged.put("opt_max_grad_norm", Lamb.MAX_GRADIENT_NORM);
        }
        return logged;
    }
}
