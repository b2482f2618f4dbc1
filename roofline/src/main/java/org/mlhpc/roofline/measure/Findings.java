package org.mlhpc.roofline.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.AcceleratorCeiling;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredAccelerator;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.NotMeasured;

/** What the steps have found so far. */
public final class Findings {
    private final List<String> conditions = new ArrayList<>();
    private final List<MeasuredCeiling> ceilings = new ArrayList<>();
    private final List<Collective> collectives = new ArrayList<>();
    private final List<Collective> collectivesInC = new ArrayList<>();
    private final Map<Integer, MeasuredAccelerator> accelerators = new TreeMap<>();
    private final List<NotMeasured> notMeasured = new ArrayList<>();
    private int nodes = 1;
    private int ranksPerNode = 1;

    void condition(String text) {
        conditions.add(text);
    }

    /** How the ranks that measure lie; one process on one node if nothing is said. */
    void placed(int onNodes, int mostPerNode) {
        nodes = onNodes;
        ranksPerNode = mostPerNode;
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

    /** An accelerator of which ceilings will follow. */
    void add(MeasuredAccelerator accelerator) {
        accelerators.put(accelerator.index(), accelerator);
    }

    /** @throws IllegalStateException if the accelerator was not added */
    void add(int accelerator, AcceleratorCeiling ceiling) {
        MeasuredAccelerator known = accelerators.get(accelerator);
        if (known == null) {
            throw new IllegalStateException("no accelerator " + accelerator);
        }
        accelerators.put(accelerator, known.with(ceiling));
    }

    void missing(String what, String why, String fix) {
        notMeasured.add(new NotMeasured(what, why, fix));
    }

    /** A step that ended with an error. */
    void failed(Step step, String why) {
        missing(step.what(), why, fixOf(step.what()));
    }

    private static String fixOf(String what) {
        if (what.startsWith(Resource.STORAGE.word())) {
            return "look for room and permission (df, df -i, quota), or choose another --path, and measure again";
        }
        if (what.startsWith(Resource.NETWORK.word())) {
            return "see that ./mlhpc doctor finds no fault with MPI on these nodes, and measure again";
        }
        return "end other programs, or ask for more memory in the job, and measure again; if it fails again, it is a fault of"
                + " the program: tell its authors this line";
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

    public List<MeasuredAccelerator> accelerators() {
        return List.copyOf(accelerators.values());
    }

    /** Nodes whose ranks took part. */
    public int nodes() {
        return nodes;
    }

    /** The most ranks on one of them. */
    public int ranksPerNode() {
        return ranksPerNode;
    }

    public List<NotMeasured> notMeasured() {
        return notMeasured;
    }
}
