/**
 * Synthetic weather: global fields with tropical cyclones and atmospheric rivers, written in the layout of the published set.
 *
 * <ol>
 *   <li>{@code Climate} gives the zonal-mean fields, with waves in geostrophic balance and smooth noise on top of them.
 *   <li>{@code Cyclone} adds vortices with the pressure and wind of Holland (1980) and a warm core.
 *   <li>{@code River} adds filaments of moisture with a low-level jet, from the subtropics polewards.
 *   <li>{@code CycloneCriteria} and {@code RiverCriteria} label the fields, knowing nothing of what was put into them: a wave
 *       that meets a criterion is labelled, and a storm that does not is not.
 * </ol>
 *
 * <p>What to expect: winds, pressure, moisture and temperature of an event fit together as in nature, and so do its place and
 * size. There is no dynamics: fronts, land, orography and the life of a storm are missing, so the labels are easier to learn
 * than those of the published set.
 *
 * <p>Units are those of {@link org.mlhpc.deepcam.data.Channel}; distances are km, angles degrees. Priorities: labels follow
 * from the fields, then the fields look like weather, then generation is quick.
 */
@NullMarked
package org.mlhpc.deepcam.generate;

import org.jspecify.annotations.NullMarked;
