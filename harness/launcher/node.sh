#!/usr/bin/env bash
# What a batch job asks of one of its nodes. Messages are a line each: node, kind, text, with tabs between.
#
#   node.sh check --token FILE [--needs-memory BYTES] [--node-local DIR --needs-space BYTES] [--reads PATH]... [--fabric KIND]
#       kinds of messages: doing, bad (what is wrong), note, ports (of the fabric that are active), ready; then it answers a line on
#       standard input with time (microseconds since 1970)
#   node.sh oom
#       prints killed if the kernel has killed a process of this job here because its memory was used up, limit if it does not
#       count that but the memory was at its limit, otherwise nothing
set -uo pipefail
export LC_ALL=C

home=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
# shellcheck source=harness/launcher/common.sh
. "$home/harness/launcher/common.sh"
# shellcheck source=harness/launcher/jdk.sh disable=SC2034
. "$home/harness/launcher/jdk.sh"

readonly node=${SLURMD_NODENAME:-$HOSTNAME}
# Where the kernel shows devices; another folder in tests.
readonly sys=${MLHPC_SYS:-/sys}

tell() {
    printf '%s\t%s\t%s\n' "$node" "$1" "${2-}"
}

check() {
    local memory='' folder='' space='' fabric='' paths=() path
    while (($# > 1)); do
        case $1 in
        --token) check_token "$2" ;;
        --needs-memory) memory=$2 ;;
        --node-local) folder=$2 ;;
        --needs-space) space=$2 ;;
        --fabric) fabric=$2 ;;
        --reads) paths+=("$2") ;;
        *) fail "$EXIT_USAGE" "node.sh: unknown option $1" ;;
        esac
        shift 2
    done
    for path in ${paths[@]+"${paths[@]}"}; do
        check_path "$path"
    done
    check_jdk
    [[ -z $memory ]] || check_memory "$memory"
    [[ -z $folder ]] || check_node_local "$folder" "${space:-0}"
    [[ -z $fabric ]] || check_fabric "$fabric"
    check_load
    tell ready
    ! read -r -t 60 _ || tell time $(($(date +%s%N) / 1000))
}

# check_token FILE: it names a random word that the batch node has written into it.
check_token() {
    tell doing "reading $1"
    [[ -r ${1%=*} && $(<"${1%=*}") == "${1##*=}" ]] ||
        tell bad "${1%/*} is not the folder that the first node of the job sees: it must be on a file system that all nodes share"
}

check_path() {
    tell doing "reading $1"
    if [[ -d $1 ]]; then
        find "$1" -maxdepth 1 -print -quit 2>/dev/null | grep -q . && [[ -r $1 && -x $1 ]]
    else
        head -c 1 "$1" >/dev/null 2>&1
    fi || tell bad "$1 cannot be read"
}

check_jdk() {
    tell doing "starting Java"
    if ! find_jdk; then
        tell bad "no JDK >= $MIN_JDK; fix: $(jdk_advice)"
    elif ! timeout 30 "$jdk/bin/java" -Xshare:auto -XX:TieredStopAtLevel=1 -version >/dev/null 2>&1; then
        tell bad "$jdk/bin/java does not start"
    fi
}

check_memory() {
    local available
    available=$(($(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo) * 1024))
    ((available >= $1)) || tell bad "$(gib "$available") of memory are free, and $(gib "$1") needed"
}

gib() {
    echo "$(($1 / 1073741824)).$(($1 % 1073741824 * 10 / 1073741824)) GiB"
}

# check_node_local FOLDER BYTES
check_node_local() {
    local probe free
    tell doing "writing to $1"
    if ! mkdir -p "$1" 2>/dev/null || ! probe=$(mktemp "$1/mlhpc.XXXXXX" 2>/dev/null); then
        tell bad "$1 cannot be written to"
        return
    fi
    rm -f "$probe"
    free=$(($(df -Pk "$1" | awk 'NR == 2 { print $4 }') * 1024))
    ((free >= $2)) || tell bad "$(gib "$free") are free in $1, and $(gib "$2") needed"
}

# check_fabric KIND
check_fabric() {
    local file active=0
    case $1 in
    infiniband)
        for file in "$sys"/class/infiniband/*/ports/*/state; do
            [[ -r $file && $(<"$file") == *ACTIVE ]] && active=$((active + 1))
        done
        ;;
    slingshot)
        for file in "$sys"/class/net/hsn*/operstate; do
            [[ -r $file && $(<"$file") == up ]] && active=$((active + 1))
        done
        ;;
    *) fail "$EXIT_USAGE" "--fabric $1 is unknown; choose infiniband or slingshot" ;;
    esac
    tell ports "$active"
    ((active > 0)) || tell bad "no port of $1 is active"
}

# Half a second of what the processors do while this script only waits.
check_load() {
    local before after busy
    before=$(processor_times) && sleep 0.5 && after=$(processor_times)
    busy=$(awk -v before="$before" -v after="$after" 'BEGIN {
        split(before, b); split(after, a); total = a[1] - b[1]; print (total > 0 ? int(100 * (a[2] - b[2]) / total) : 0) }')
    ((busy < 10)) || tell note "others keep $busy % of its processors busy: expect a slower run (--exclusive keeps them away)"
}

# Prints all and busy time.
processor_times() {
    awk '/^cpu / { all = 0; for (i = 2; i <= 9; i++) all += $i; print all, all - $5 - $6; exit }' /proc/stat
}

# Kernels count what they kill for want of memory; older ones only how often the limit was hit, which need not have killed anything.
oom() {
    local files=() groups=() counts
    mapfile -t groups < <(find "$sys/fs/cgroup" -type d -path "*/job_$SLURM_JOB_ID*" 2>/dev/null | grep -E "/job_$SLURM_JOB_ID(/|$)")
    ((${#groups[@]} > 0)) || return 0
    files=("${groups[@]/%/\/memory.events}" "${groups[@]/%/\/memory.oom_control}")
    counts=$(sed -n 's/^oom_kill //p' "${files[@]}" 2>/dev/null)
    if grep -qx '[1-9][0-9]*' <<<"$counts"; then
        echo killed
    elif [[ -z $counts ]] && cat "${groups[@]/%/\/memory.failcnt}" 2>/dev/null | grep -qx '[1-9][0-9]*'; then
        echo limit
    fi
}

case ${1-} in
check) shift && check "$@" ;;
oom) oom ;;
*) fail "$EXIT_USAGE" "usage: node.sh check OPTION... | oom" ;;
esac
