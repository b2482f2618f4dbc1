package org.mlhpc.roofline.measure;

import java.util.ArrayList;
import java.util.List;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.NotMeasured;

/** What the steps have found so far. */
public final class Findings {
    private final List<String> conditions = new ArrayList<>();
    private final List<MeasuredCeiling> ceilings = new ArrayList<>();
    private final List<Collective> collectives = new ArrayList<>();
    private final List<Collective> collectivesInC = new ArrayList<>();
    private final List<NotMeasured> notMeasured = new ArrayList<>();

    void condition(String text) {
        conditions.add(text);
    }

    void add(MeasuredCeiling ceiling) {
        ceilings.add(ceiling);
    }

    void add(Collective collective) {
        collectives.add(collective);
    }

    void addInC(Collective collective) {
        collectivesInC.add(collective);
    }

    void missing(String what, String why, String fix) {
        notMeasured.add(new NotMeasured(what, why, fix));
    }

    /** A step that ended with an error. */
    void failed(Step step, String why) {
        missing(step.resource().word() + " " + step.label(), why, "mend that, and measure again");
    }

    public List<String> conditions() {
        return conditions;
    }

    public List<MeasuredCeiling> ceilings() {
        return ceilings;
    }

    public List<Collective> collectives() {
        return collectives;
    }

    /** The same without the Java bindings. */
    public List<Collective> collectivesInC() {
        return collectivesInC;
    }

    public List<NotMeasured> notMeasured() {
        return notMeasured;
    }
}
