package org.mlhpc.harness;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What Maven's module arrows do not say. */
@AnalyzeClasses(
        packages = "org.mlhpc",
        importOptions = {DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeTestJars.class})
class ArchitectureTest {
    /** Classes that modules lend to each other's tests. */
    static final class DoNotIncludeTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule packages_are_free_of_cycles =
            slices().matching("org.mlhpc.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_contract_depends_on_the_jdk_alone = noClasses()
            .that()
            .resideInAPackage("org.mlhpc.api..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("org.mlhpc.api..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule only_engine_and_workloads_see_libtorch = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.mlhpc.torch..", "org.mlhpc.cosmoflow..", "org.mlhpc.deepcam..", "org.mlhpc.oc20..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule only_deepcams_data_see_jhdf = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.deepcam.data..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.jhdf..");

    @ArchTest
    static final ArchRule only_its_record_files_see_lmdb = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.oc20.lmdb..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.lmdbjava..", "jnr..");

    @ArchTest
    static final ArchRule only_its_own_module_sees_mpi = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.harness.mpi..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("mpi..");

    @ArchTest
    static final ArchRule only_the_command_line_sees_picocli = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.harness.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule only_kernels_see_jmh = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.roofline.kernels..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.openjdk.jmh..");

    @ArchTest
    static final ArchRule only_one_package_sees_jcuda = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.roofline.gpu..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jcuda..");

    @ArchTest
    static final ArchRule of_roofline_only_its_files_see_jackson = noClasses()
            .that()
            .resideInAPackage("org.mlhpc.roofline..")
            .and()
            .resideOutsideOfPackage("org.mlhpc.roofline.json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule only_charts_see_jfreechart = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.results.charts..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jfree..");

    @ArchTest
    static final ArchRule only_the_store_sees_sqlite = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.results.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.sqlite..", "java.sql..");

    @ArchTest
    static final ArchRule results_know_roofline_alone = noClasses()
            .that()
            .resideInAPackage("org.mlhpc.results..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.mlhpc..")
                    .and(resideOutsideOfPackages("org.mlhpc.results..", "org.mlhpc.roofline..")));

    @ArchTest
    static final ArchRule only_roofline_and_statistics_see_commons_math = noClasses()
            .that()
            .resideOutsideOfPackages("org.mlhpc.roofline..", "org.mlhpc.results.statistics..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.commons.math3..");

    @ArchTest
    static final ArchRule slurm_knows_itself_alone = noClasses()
            .that()
            .resideInAPackage("org.mlhpc.slurm..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("org.mlhpc..").and(resideOutsideOfPackages("org.mlhpc.slurm..")));

    @ArchTest
    static final ArchRule nothing_depends_on_the_harness = noClasses()
            .that()
            .resideOutsideOfPackage("org.mlhpc.harness..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.mlhpc.harness..");

    @ArchTest
    static final ArchRule the_harness_knows_no_workload = noClasses()
            .that()
            .resideInAPackage("org.mlhpc.harness..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.mlhpc.torch..", "org.mlhpc.cosmoflow..", "org.mlhpc.deepcam..", "org.mlhpc.oc20..");

    @ArchTest
    static final ArchRule rules_know_results_alone = noClasses()
            .that()
            .resideInAPackage("org.mlhpc.rules..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.mlhpc..")
                    .and(resideOutsideOfPackages("org.mlhpc.rules..", "org.mlhpc.results..")));
}
