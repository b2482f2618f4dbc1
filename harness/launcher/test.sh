# shellcheck shell=bash
# Everything that is checked before a change is accepted.

failed=0

run_tests() {
    [[ ${1-} != -h && ${1-} != --help ]] || { test_help && exit 0; }
    require_checkout "mlhpc test"
    cd "$home" || exit
    require_jdk
    require_maven
    provide_mpi || say "tests with several ranks are not run: $mpi_missing; fix: $(mpi_advice)"
    provide_allocator
    provide_oracles
    provide_slurm
    find . -type d \( -name surefire-reports -o -name failsafe-reports \) -path '*/target/*' -prune -exec rm -rf {} +
    say "tests on JDK $jdk_version with $allocator_name"
    maven_tests verify "$@"
    test_on_newer_jdk "$@"
    check_scripts
    count_results
    exit "$failed"
}

test_help() {
    cat <<'HELP'
Usage: mlhpc test [MAVEN-OPTION...]
Runs everything that is checked before a change is accepted: build, formatting, unit and integration tests, the unit
tests once more on a newer JDK if there is one, and a check of the scripts.
Exit code: 0 if everything passed, 1 otherwise.
HELP
}

# Independent implementations that tests compare with; without them those tests are skipped.
provide_oracles() {
    has_oracles && return
    if [[ -z ${MLHPC_PYTHON-} ]] && may_install_packages && ! recently_failed oracles; then
        apt_install "PyTorch and others for comparison" "${ORACLE_MODULES[@]/#/python3-}" && has_oracles && return
        remember_failure oracles
    fi
    say "tests that compare with other implementations are skipped: $oracle_python lacks $(missing_oracles); fix: $(oracle_advice)"
}

# Tests of batch jobs start a Slurm of two nodes on this machine, and end it.
provide_slurm() {
    has_slurm && return
    if may_install_packages && ! recently_failed slurm; then
        install_slurm && has_slurm && return
        remember_failure slurm
    fi
    say "tests of batch jobs are skipped: there is no Slurm here; fix: $(slurm_advice)"
}

# Debian starts munge with its package, where services may be started; the tests' own is enough. Without a configuration the others do
# not start.
install_slurm() {
    local running=''
    [[ ! -e /run/munge/munged.pid ]] || running=1
    apt_install "Slurm for tests of batch jobs" slurm-wlm munge || return
    hash -r
    if [[ -z $running && -e /run/munge/munged.pid ]]; then
        service munge stop >/dev/null 2>&1
        say "stopped the service munge, which came with Slurm; systemctl disable munge keeps it from starting with the machine"
    fi
}

# maven_tests GOAL OPTION...: shows modules and test classes; the whole output is in a log.
maven_tests() {
    local log environment options
    log=$(log_file "test-$1") || exit
    mapfile -t environment < <(allocator_environment)
    read -ra options <<<"${MLHPC_MAVEN_OPTS-}"
    env "${environment[@]}" JAVA_HOME="$jdk" "$maven" -B ${mpi_jar:+"-Dmpi.jar=$mpi_jar"} \
        ${options[@]+"${options[@]}"} "$@" 2>&1 </dev/null | tee "$log" | show_progress
    if ((PIPESTATUS[0] != 0)); then
        failed=1
        say "$1 failed; the whole log is in $log"
    fi
}

show_progress() {
    sed -u -n -e 's/\x1b\[[0-9;]*m//g' -e 's/^\[INFO\] Building \(mlhpc[^ ]*\) .*/\1/p' \
        -e 's/^\[[A-Z]*\] Tests run: \([0-9]*\), .*Time elapsed: \([^ ]* s\).* -- in org\.mlhpc\.\(.*\)/  \3: \1 tests, \2/p' \
        -e '/^\[ERROR\]/p'
}

# The compiler and its checks stay on the first JDK; only the test JVMs change. Jobs on a throw-away Slurm are bash, whatever the JDK.
test_on_newer_jdk() {
    local newer
    newer=$(newer_jdk) || { say "found no JDK newer than $jdk_version in /usr/lib/jvm to repeat the unit tests on" && return; }
    say "unit tests once more on $newer"
    maven_tests test -Djvm="$newer/bin/java" -DexcludedGroups=slurm -Dsurefire.reportNameSuffix=newer-jdk "$@"
}

newer_jdk() {
    local candidate version newest='' newest_version=$jdk_feature
    for candidate in /usr/lib/jvm/*/; do
        version=$(version_of_jdk "${candidate%/}") || continue
        version=${version%%[!0-9]*}
        ((version > newest_version)) && newest=${candidate%/} newest_version=$version
    done
    [[ -n $newest ]] && echo "$newest"
}

check_scripts() {
    have shellcheck || { say "scripts are not checked; fix: $(shellcheck_advice)" && return; }
    if shellcheck -x -a mlhpc .ci/run harness/launcher/{batch,node}.sh slurm/throwaway/cluster; then
        say "shellcheck: scripts are clean"
    else
        failed=1
    fi
}

# Reads the reports of all modules; each begins with one element that has the counts.
count_results() {
    local report element tests=0 bad=0 skipped=0
    while IFS= read -r -d '' report; do
        element=$(grep -m1 -A20 '<testsuite ' "$report" | tr '\n' ' ')
        element=${element%%>*}
        tests=$((tests + $(attribute tests)))
        bad=$((bad + $(attribute failures) + $(attribute errors)))
        skipped=$((skipped + $(attribute skipped)))
    done < <(find . -path '*/target/*-reports/TEST-*.xml' -print0)
    show_skipped
    ((bad == 0)) || failed=1
    ((tests > 0)) || failed=1
    echo "$((tests - bad - skipped)) passed, $bad failed, $skipped skipped"
}

# attribute NAME: its number in the element at hand.
attribute() {
    [[ $element =~ [[:space:]]$1=\"([0-9]+)\" ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

# The reason is an attribute or the first line of the content, as Surefire likes.
show_skipped() {
    local count reason
    while read -r count reason; do
        say "$count skipped: $reason"
    done < <(find . -path '*/target/*-reports/TEST-*.xml' -exec sed -n \
        -e 's/.*<skipped[^>]* message="\([^"]*\)".*/\1/p' \
        -e 's/.*<skipped[^>]*><!\[CDATA\[[A-Za-z0-9.]*: \(Assumption failed: \)\{0,1\}\([^]]*\).*/\2/p' {} + | sort | uniq -c)
}
