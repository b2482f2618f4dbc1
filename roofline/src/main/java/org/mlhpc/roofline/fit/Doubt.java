package org.mlhpc.roofline.fit;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.mlhpc.roofline.Resource;

/**
 * What runs cannot tell, so that predictions must not rely on it. One that is neither about resources nor about overhead is
 * about the fit as a whole, and concerns every step.
 *
 * @param about resources whose parameters are meant
 * @param overhead whether overhead is meant
 * @param text for people
 */
public record Doubt(Set<Resource> about, boolean overhead, String text) {
    public Doubt {
        about = about.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(about));
    }

    /** About {@code resources}; about the fit as a whole if there are none. */
    public static Doubt about(Set<Resource> resources, String text) {
        return new Doubt(resources, false, text);
    }

    static Doubt aboutOverhead(String text) {
        return new Doubt(Set.of(), true, text);
    }

    /**
     * Whether it concerns times of which {@code resources} take a part.
     *
     * @param withOverhead whether overhead takes one too
     */
    public boolean concerns(Set<Resource> resources, boolean withOverhead) {
        boolean whole = about.isEmpty() && !overhead;
        return whole || (overhead && withOverhead) || about.stream().anyMatch(resources::contains);
    }
}
