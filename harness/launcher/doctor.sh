# shellcheck shell=bash
# Says what is there and what is missing on this machine, with the command that fixes it. Needs nothing built.

findings=() ready=0

doctor() {
    local format=text
    while (($# > 0)); do
        case $1 in
        --format) shift && format=${1-nothing} ;;
        --format=*) format=${1#*=} ;;
        -h | --help) doctor_help && exit 0 ;;
        *) fail "$EXIT_USAGE" "doctor: unknown argument $1; see ./mlhpc doctor --help" ;;
        esac
        (($# > 0)) && shift
    done
    [[ $format =~ ^(text|json|csv)$ ]] || fail "$EXIT_USAGE" "doctor: --format wants text, json or csv, and got $format"
    examine
    "print_$format"
    exit "$ready"
}

doctor_help() {
    cat <<'HELP'
Usage: mlhpc doctor [--format text|json|csv]
Lists what this machine has and lacks, with the command that fixes it.
Exit code: 0 if everything needed is there, 3 otherwise.
HELP
}

# finding STATE WHAT DETAIL [FIX]: states are ok, missing (needed), absent (optional) and unavailable (cannot be changed).
finding() {
    findings+=("$1"$'\t'"$2"$'\t'"$3"$'\t'"${4-}")
    [[ $1 != missing ]] || ready=$EXIT_ENVIRONMENT
}

examine() {
    examine_java
    examine_mpi
    examine_allocator
    examine_libtorch
    examine_processor
    examine_accelerators ''
    examine_memory
    examine_disk
    examine_permissions
    examine_slurm
    examine_oracles
}

examine_java() {
    if find_jdk; then
        finding ok JDK "$jdk_version in $jdk"
    else
        finding missing JDK "none >= $MIN_JDK" "$(jdk_advice)"
    fi
    if is_bundle; then
        finding ok build "a bundle of revision $(bundle_property git_revision): neither Maven nor a compiler is needed"
    elif find_maven; then
        finding ok Maven "$(version_of_maven "$maven") in $maven"
    else
        finding missing Maven "none >= $MIN_MAVEN" "$(maven_advice)"
    fi
}

examine_mpi() {
    if find_mpi; then
        finding ok "Open MPI" "$("$mpirun" --version | sed -n '1s/.* //p') with $mpi_jar"
    else
        finding absent "Open MPI" "$mpi_missing: runs use one process" "$(mpi_advice)"
    fi
}

examine_allocator() {
    local library
    if library=$(find_jemalloc || find_tcmalloc || bundled_jemalloc); then
        finding ok allocator "$library"
    else
        finding absent allocator "neither jemalloc nor tcmalloc: training takes about twice as long" "$(allocator_advice)"
    fi
}

examine_libtorch() {
    local folder=$libtorch_cache
    if compgen -G "$folder/pytorch-*" >/dev/null; then
        finding ok libtorch "unpacked in $folder"
    elif is_bundle; then
        finding ok libtorch "in this bundle; the first run unpacks it to $folder"
    elif compgen -G "${HOME-}/.m2/repository/org/bytedeco/pytorch/*/pytorch-*-linux-*.jar" >/dev/null; then
        finding ok libtorch "downloaded; the first run unpacks it to $folder"
    else
        finding absent libtorch "not downloaded yet" "./mlhpc list (needs access to a Maven repository)"
    fi
}

examine_processor() {
    local logical physical flag flags found=() lacking=()
    read -r logical physical < <(count_processors)
    finding ok processors "$physical cores, $logical hardware threads"
    flags=" $(sed -n 's/^flags[[:space:]]*: //p;/^flags/q' /proc/cpuinfo) "
    for flag in avx2 avx512f avx512_bf16 amx_bf16; do
        if [[ $flags == *" $flag "* ]]; then found+=("$flag"); else lacking+=("$flag"); fi
    done
    finding ok instructions "${found[*]:-none of the fast ones}${lacking[*]:+ (without ${lacking[*]})}"
    examine_openblas "$flags"
}

# examine_openblas FLAGS: kernels for another processor than this one can be half as fast.
examine_openblas() {
    [[ -n ${OPENBLAS_CORETYPE-} ]] || return 0
    local kernels="kernels for $OPENBLAS_CORETYPE, as OPENBLAS_CORETYPE says"
    if [[ $1 == *' avx512f '* && ! ${OPENBLAS_CORETYPE,,} =~ ^(skylakex|cooperlake|sapphirerapids)$ ]]; then
        finding absent OpenBLAS "$kernels: without AVX-512, which this processor has; products take twice the time" \
            "unset OPENBLAS_CORETYPE"
    else
        finding ok OpenBLAS "$kernels"
    fi
}

# examine_accelerators [ROOT]: what roofline measure needs of NVIDIA devices; ROOT stands before paths of the system.
examine_accelerators() {
    local root=${1-} models
    models=$(sed -n 's/^Model:[[:space:]]*//p' "$root"/proc/driver/nvidia/gpus/*/information 2>/dev/null | sort | uniq -c |
        sed 's/^ *\([0-9]*\) /\1 x /' | paste -sd, | sed 's/,/, /g')
    if [[ -z $models ]] && has_nvidia_on_pci "$root"; then
        finding absent accelerators "an NVIDIA device without its driver" "install NVIDIA's driver, or pass it on to this container"
    elif [[ -z $models ]]; then
        finding unavailable accelerators "no NVIDIA device"
    elif [[ ! -w $root/dev/nvidiactl ]]; then
        finding absent accelerators "$models: /dev/nvidiactl cannot be opened" \
            "ask for a device in your job, or pass it on to this container (docker: --gpus all, apptainer: --nv)"
    elif ! has_libcuda; then
        finding absent accelerators "$models: no libcuda.so.1" "install the driver's CUDA library (Debian: libcuda1)"
    else
        finding ok accelerators "$models, driver $(sed -n 's/^NVRM.*  \([0-9][0-9.]*\)  .*/\1/p' "$root/proc/driver/nvidia/version")"
    fi
}

# Vendor 0x10de with a class of display controllers.
has_nvidia_on_pci() {
    local vendor
    for vendor in "$1"/sys/bus/pci/devices/*/vendor; do
        if [[ -r $vendor && $(<"$vendor") == 0x10de && $(<"${vendor%vendor}class") == 0x03* ]]; then
            return 0
        fi
    done
    return 1
}

has_libcuda() {
    local folder
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q 'libcuda\.so\.1' && return
    while IFS= read -r -d : folder; do
        [[ -n $folder && -e $folder/libcuda.so.1 ]] && return
    done <<<"${LD_LIBRARY_PATH-}:"
    return 1
}

examine_memory() {
    local total available pages
    total=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    available=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    finding ok memory "$((total / 1024)) MiB, $((available / 1024)) MiB available"
    pages=$(sed -n 's/.*\[\(.*\)\].*/\1/p' /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null)
    case $pages in
    always | madvise) finding ok "huge pages" "transparent, $pages" ;;
    never) finding absent "huge pages" "transparent huge pages are off" \
        "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled (as root)" ;;
    *) finding unavailable "huge pages" "this kernel does not say" ;;
    esac
}

examine_disk() {
    local place=$cache free
    while [[ ! -e $place ]]; do
        place=$(dirname "$place")
    done
    free=$(df -Pm "$place" | awk 'NR == 2 { print $4 }')
    if ((free >= 4096)); then
        finding ok "disk for caches" "$free MiB free at $place"
    else
        finding missing "disk for caches" "$free MiB free at $place, 4096 needed" "set MLHPC_CACHE to a folder on a larger disk"
    fi
}

examine_permissions() {
    if [[ -w /proc/sys/vm/drop_caches ]]; then
        finding ok "dropping caches" "/proc/sys/vm/drop_caches is writable"
    else
        finding absent "dropping caches" "not permitted: repeated runs may read data from memory" "run as root"
    fi
    local paranoid
    if ! paranoid=$(cat /proc/sys/kernel/perf_event_paranoid 2>/dev/null); then
        finding unavailable "hardware counters" "this kernel has no perf_event"
    elif [[ ! -e /sys/bus/event_source/devices/cpu && ! -e /sys/bus/event_source/devices/cpu_core ]]; then
        finding unavailable "hardware counters" "no processor counters here (a virtual machine?)"
    elif ((paranoid <= 1)) || [[ $EUID == 0 ]]; then
        finding ok "hardware counters" "perf_event_paranoid is $paranoid"
    else
        finding absent "hardware counters" "perf_event_paranoid is $paranoid" "sysctl kernel.perf_event_paranoid=1 (as root)"
    fi
}

examine_slurm() {
    if have sbatch; then
        finding ok Slurm "$(sbatch --version 2>/dev/null || command -v sbatch)"
    else
        finding absent Slurm "sbatch is not on the PATH: no batch jobs from here" "log in to a cluster"
    fi
    if has_slurm; then
        finding ok "Slurm's daemons" "tests of batch jobs start them on this machine"
    else
        finding absent "Slurm's daemons" "tests of batch jobs are skipped" "$(slurm_advice)"
    fi
}

examine_oracles() {
    if has_oracles; then
        finding ok "Python for tests" "$oracle_python has ${ORACLE_MODULES[*]}; tests compare with them"
    else
        finding absent "Python for tests" "$oracle_python lacks $(missing_oracles): tests that compare with it are skipped" \
            "$(oracle_advice)"
    fi
    if have shellcheck; then
        finding ok shellcheck "$(command -v shellcheck)"
    else
        finding absent shellcheck "./mlhpc test does not check the scripts" "$(shellcheck_advice)"
    fi
}

print_text() {
    local state what detail fix line
    for line in "${findings[@]}"; do
        IFS=$'\t' read -r state what detail fix <<<"$line"
        printf '%-12s%-20s%s%s\n' "$state" "$what" "$detail" "${fix:+; fix: $fix}"
    done
    ((ready == 0)) || say "something needed is missing"
}

print_json() {
    local state what detail fix line separator=''
    printf '{"ready": %s, "findings": [' "$( ((ready == 0)) && echo true || echo false)"
    for line in "${findings[@]}"; do
        IFS=$'\t' read -r state what detail fix <<<"$line"
        printf '%s\n  {"state": "%s", "what": "%s", "detail": "%s", "fix": "%s"}' "$separator" \
            "$(json_text "$state")" "$(json_text "$what")" "$(json_text "$detail")" "$(json_text "$fix")"
        separator=,
    done
    printf '\n]}\n'
}

print_csv() {
    local state what detail fix line
    echo state,what,detail,fix
    for line in "${findings[@]}"; do
        IFS=$'\t' read -r state what detail fix <<<"$line"
        printf '"%s","%s","%s","%s"\n' "${state//\"/\"\"}" "${what//\"/\"\"}" "${detail//\"/\"\"}" "${fix//\"/\"\"}"
    done
}

json_text() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    printf '%s' "${text//[$'\x01'-$'\x1f']/ }"
}
