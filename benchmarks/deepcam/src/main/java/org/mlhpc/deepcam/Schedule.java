package org.mlhpc.deepcam;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The learning rate of each update, with the arithmetic of the published reference; settings of the same names.
 *
 * <p>The reference counts its schedulers from 1 at the first update where it warms up and for multistep, and from 0 for cosine
 * annealing without warm-up. At the end of the warm-up its rate stays at the value of the last step, so with factor 1 it is
 * lr (w - 1) / w and not lr.
 */
record Schedule(
        double optLr,
        Type schedulerType,
        int schedulerLrWarmupSteps,
        double schedulerLrWarmupFactor,
        List<Integer> schedulerMilestones,
        double schedulerDecayRate,
        int schedulerTMax,
        double schedulerEtaMin) {

    /** How the rate goes on after the warm-up. */
    enum Type {
        MULTISTEP,
        COSINE_ANNEALING;

        String logged() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Schedule {
        schedulerMilestones = List.copyOf(schedulerMilestones);
        require(optLr > 0, "opt_lr", optLr, "positive");
        requireAtLeast(0, "scheduler_lr_warmup_steps", schedulerLrWarmupSteps);
        require(schedulerLrWarmupFactor >= 1, "scheduler_lr_warmup_factor", schedulerLrWarmupFactor, "at least 1");
        require(
                schedulerMilestones.stream().allMatch(milestone -> milestone >= 1),
                "scheduler_milestones",
                schedulerMilestones,
                "positive");
        require(
                schedulerDecayRate > 0 && schedulerDecayRate <= 1,
                "scheduler_decay_rate",
                schedulerDecayRate,
                "more than 0 and at most 1");
        requireAtLeast(1, "scheduler_t_max", schedulerTMax);
        require(schedulerEtaMin >= 0, "scheduler_eta_min", schedulerEtaMin, "at least 0");
    }

    /** @param update updates before this one */
    double rate(long update) {
        return schedulerType == Type.MULTISTEP ? multistep(update + 1) : cosine(update);
    }

    private boolean warmsUp() {
        return schedulerLrWarmupSteps > 0;
    }

    /** @param count of the reference's scheduler, from 1 */
    private double multistep(long count) {
        if (count < schedulerLrWarmupSteps) {
            return warmUp(count);
        }
        long shift = warmsUp() ? schedulerLrWarmupSteps + 1L : 0;
        long passed = schedulerMilestones.stream()
                .filter(milestone -> count >= milestone + shift)
                .count();
        return plateau() * Math.pow(schedulerDecayRate, (double) passed);
    }

    private double cosine(long update) {
        if (!warmsUp()) {
            return annealed(optLr, update);
        }
        long count = update + 1;
        if (count < schedulerLrWarmupSteps) {
            return warmUp(count);
        }
        long since = count - schedulerLrWarmupSteps;
        // After its first minimum the reference's recursion starts from lr.
        return annealed(since <= schedulerTMax ? plateau() : optLr, since);
    }

    /** Loshchilov and Hutter 2017, equation 5, without restarts: the cosine goes on. */
    private double annealed(double top, long step) {
        return schedulerEtaMin + (top - schedulerEtaMin) * (1 + Math.cos(Math.PI * step / schedulerTMax)) / 2;
    }

    /** From 0 to lr with factor 1, else from lr to factor times lr. */
    private double warmUp(long count) {
        double share = (double) count / schedulerLrWarmupSteps;
        return schedulerLrWarmupFactor == 1 ? optLr * share : optLr * (1 + (schedulerLrWarmupFactor - 1) * share);
    }

    private double plateau() {
        return schedulerLrWarmupSteps > 1 ? warmUp(schedulerLrWarmupSteps - 1L) : optLr;
    }

    /** By log key. */
    Map<String, Object> logged() {
        var logged = new LinkedHashMap<String, Object>();
        logged.put("scheduler_type", schedulerType.logged());
        logged.put("scheduler_lr_warmup_steps", schedulerLrWarmupSteps);
        logged.put("scheduler_lr_warmup_factor", schedulerLrWarmupFactor);
        if (schedulerType == Type.MULTISTEP) {
            logged.put("scheduler_milestones", schedulerMilestones);
            logged.put("scheduler_decay_rate", schedulerDecayRate);
        } else {
            logged.put("scheduler_t_max", schedulerTMax);
            logged.put("scheduler_eta_min", schedulerEtaMin);
        }
        return logged;
    }
}
