# shellcheck shell=bash
# What every part of the launcher needs: messages, exit codes, the cache, packages, processors.

# shellcheck disable=SC2034 # used by the files that source this one
readonly EXIT_FAILED=1 EXIT_USAGE=2 EXIT_ENVIRONMENT=3

cache=${MLHPC_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp/mlhpc-$EUID}/.cache}/mlhpc}
[[ $cache == /* ]] || cache=$PWD/$cache
# Where libtorch is unpacked: JavaCPP's own place, unless the user has chosen one for everything.
libtorch_cache=${MLHPC_CACHE:+$cache/javacpp}
: "${libtorch_cache:=${HOME-}/.javacpp/cache}"

# The distribution's Python, whatever comes first on the PATH: a virtual environment rarely has what tests compare with.
readonly oracle_python=${MLHPC_PYTHON:-/usr/bin/python3}

# Whether this is a bundle, which comes built and may lie where nothing can be written, and not a checkout.
is_bundle() {
    [[ -r $home/bundle.properties ]]
}

# bundle_property KEY: its value in the bundle's description; nothing without one.
bundle_property() {
    local line
    while read -r line; do
        [[ $line != "$1="* ]] || echo "${line#*=}"
    done <"$home/bundle.properties"
}

# Commands that need the sources.
require_checkout() {
    ! is_bundle || fail "$EXIT_USAGE" "$1 needs the sources, and $home is a bundle without them: use a checkout"
}

say() {
    printf 'mlhpc: %s\n' "$*" >&2
}

# fail EXIT_CODE MESSAGE
fail() {
    local code=$1
    shift
    say "$@"
    exit "$code"
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# Prints a fresh file name for the log of one action.
log_file() {
    mkdir -p "$cache/logs" 2>/dev/null || fail "$EXIT_ENVIRONMENT" "cannot write to $cache; set MLHPC_CACHE to a writable folder"
    printf '%s/%s-%(%Y%m%d-%H%M%S)T-%d.log' "$cache/logs" "$1" -1 $$
}

is_debian() {
    [[ -e /etc/debian_version ]] && have apt-get && have dpkg-query
}

installing_allowed() {
    [[ ${MLHPC_NO_INSTALL:-0} != 1 ]]
}

may_install_packages() {
    installing_allowed && [[ $EUID == 0 ]] && is_debian
}

# apt_install WHAT PACKAGE...: one lock, because parallel starts would fight over dpkg's.
apt_install() {
    local what=$1 log
    shift
    log=$(log_file apt) || exit
    say "installing $what: apt-get install $* (log: $log)"
    (
        flock 9
        install_quietly "$@" || { apt-get -qq update && install_quietly "$@"; }
    ) 9>"$cache/apt.lock" >>"$log" 2>&1 </dev/null && return
    say "could not install $what: $(grep -m1 '^E:' "$log" || tail -n1 "$log")"
    return 1
}

install_quietly() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
}

# What independent implementations that tests compare with are written in. Debian's packages are called python3- and the name.
readonly ORACLE_MODULES=(torch numpy scipy ase tables)

# The modules that Python lacks. Looking for them is enough: importing takes seconds.
missing_oracles() {
    "$oracle_python" -c 'import importlib.util as u, sys; print(*[m for m in sys.argv[1:] if not u.find_spec(m)])' \
        "${ORACLE_MODULES[@]}" 2>/dev/null || echo "${ORACLE_MODULES[*]}"
}

has_oracles() {
    [[ -z $(missing_oracles) ]]
}

oracle_advice() {
    if is_debian; then
        echo "apt-get install ${ORACLE_MODULES[*]/#/python3-}"
    else
        echo "set MLHPC_PYTHON to a Python that has ${ORACLE_MODULES[*]}"
    fi
}

# Whether tests can start a Slurm of their own.
has_slurm() {
    local program
    for program in sbatch slurmctld slurmd munged; do
        PATH=$PATH:/usr/sbin:/sbin have "$program" || return
    done
}

slurm_advice() {
    if is_debian; then echo "apt-get install slurm-wlm munge"; else echo "install Slurm and munge with your package manager"; fi
}

shellcheck_advice() {
    if is_debian; then echo "apt-get install shellcheck"; else echo "install shellcheck with your package manager"; fi
}

# Something that failed to install is tried again a day later, not at every start.
recently_failed() {
    [[ -n $(find "$cache/$1.failed" -mmin -1440 2>/dev/null) ]]
}

remember_failure() {
    mkdir -p "$cache" && : >"$cache/$1.failed"
}

# wait_for PROCESS: returns its status. A trap ends wait early, with the number of the signal; the process's own status comes with
# the next one.
wait_for() {
    local status own
    while true; do
        wait "$1" 2>/dev/null
        status=$?
        if ((status <= 128)) || ! kill -0 "$1" 2>/dev/null; then
            break
        fi
    done
    wait "$1" 2>/dev/null
    own=$?
    return $((own == 127 ? status : own))
}

# log_code FILE: the exit code of a run whose log is complete: 0 if it reached its target, 1 if not.
log_code() {
    if grep -q '"key": *"run_stop".*"status": *"aborted"' "$1"; then echo 1; else echo 0; fi
}

# Processors this process may use, one number a line.
allowed_processors() {
    local key list range
    while read -r key list; do
        [[ $key == Cpus_allowed_list: ]] && break
    done </proc/self/status
    for range in ${list//,/ }; do
        eval "printf '%d\n' {${range%-*}..${range#*-}}"
    done
}

# Prints "LOGICAL PHYSICAL": processors and cores this process may use, both cut to the container's quota. The affinity may name
# processors that are offline or not plugged in, which the kernel does not describe; where it describes none, each is a core.
count_processors() {
    local devices=${MLHPC_SYS:-/sys}/devices/system/cpu affinity cpu siblings logical=0 quota
    local -A seen=()
    mapfile -t affinity < <(allowed_processors)
    for cpu in "${affinity[@]}"; do
        if read -r siblings 2>/dev/null <"$devices/cpu$cpu/topology/thread_siblings_list"; then
            seen[$siblings]=1
            logical=$((logical + 1))
        fi
    done
    local physical=${#seen[@]}
    ((logical > 0)) || logical=${#affinity[@]} physical=${#affinity[@]}
    quota=$(processor_quota)
    ((quota > 0 && quota < logical)) && logical=$quota
    ((quota > 0 && quota < physical)) && physical=$quota
    echo "$logical $physical"
}

# Whole processors the control group grants; 0 when it does not limit them.
processor_quota() {
    local quota=max period=100000
    if [[ -r /sys/fs/cgroup/cpu.max ]]; then
        read -r quota period </sys/fs/cgroup/cpu.max
    elif [[ -r /sys/fs/cgroup/cpu/cpu.cfs_quota_us ]]; then
        read -r quota </sys/fs/cgroup/cpu/cpu.cfs_quota_us
        read -r period </sys/fs/cgroup/cpu/cpu.cfs_period_us
    fi
    if [[ $quota == max || $quota -le 0 ]]; then
        echo 0
    else
        echo $(((quota + period - 1) / period))
    fi
}
