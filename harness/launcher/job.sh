# shellcheck shell=bash
# Starts the Java processes: one, or several under mpirun.

readonly main_class=org.mlhpc.harness.cli.Main
# Commands whose --ranks option means processes of an MPI job.
readonly parallel_commands=" run bench stage roofline "

arguments=() command_word='' ranks=1 ranks_asked='' single=''
threads=1 ranks_per_node=1 cores=1 physical_cores=1
java_command=() java_environment=() job='' interrupted=0

start() {
    require_jdk
    parse_arguments "$@"
    provide_allocator
    if inside_mpi; then
        start_rank
    fi
    plan_ranks
    build_if_needed "$( ((ranks > 1)) && echo "$mpi_jar")" || exit
    plan_threads
    pass_ranks
    if ((ranks > 1)); then
        start_job
    else
        start_process
    fi
}

# Takes --ranks out of the arguments of a parallel command.
parse_arguments() {
    local word dry='' staged=''
    for word in "$@"; do
        [[ $word == -* ]] || { command_word=$word && break; }
    done
    # Of the roofline's commands only measure is a job; to others --ranks may mean something else.
    if [[ $parallel_commands != *" $command_word "* || ( $command_word == roofline && " $* " != *" measure "* ) ]]; then
        arguments=("$@")
        return
    fi
    while (($# > 0)); do
        case $1 in
        --ranks) shift && ranks_asked=${1-nothing} ;;
        --ranks=*) ranks_asked=${1#*=} ;;
        -h | --help) single=1 && arguments+=("$1") ;;
        --dry-run) dry=1 && arguments+=("$1") ;;
        --stage-to | --stage-to=* | --strategy | --strategy=*) staged=1 && arguments+=("$1") ;;
        *) arguments+=("$1") ;;
        esac
        (($# > 0)) && shift
    done
    # The plan of a staging measures the network between the ranks; without one, a dry run needs but one.
    [[ -z $dry || -n $staged || $command_word == stage ]] || single=1
    [[ -z $ranks_asked || $ranks_asked =~ ^[1-9][0-9]*$ ]] ||
        fail "$EXIT_USAGE" "--ranks wants a number of processes from 1 on, and got $ranks_asked"
}

# Whether mpirun or srun has started this very process as one rank of several.
inside_mpi() {
    ((${OMPI_COMM_WORLD_SIZE:-1} > 1)) || [[ -n ${PMIX_RANK-} ]] ||
        [[ -n ${SLURM_PROCID-} && ${SLURM_STEP_NUM_TASKS:-1} -gt 1 ]]
}

# Sets ranks, and finds Open MPI if it needs it.
plan_ranks() {
    ranks=${ranks_asked:-1}
    read -r cores physical_cores < <(count_processors)
    if [[ -z $ranks_asked && $command_word == run ]]; then
        ranks=${SLURM_NTASKS:-$((cores >= 2 ? 2 : 1))}
    fi
    if [[ -n $single ]]; then
        return
    fi
    if ((ranks > 1)) && ! provide_mpi; then
        # Measuring one process instead would replace what was measured of the node before.
        [[ $command_word != roofline ]] || fail "$EXIT_ENVIRONMENT" "$ranks ranks need Open MPI, but $mpi_missing; fix: $(mpi_advice)"
        say "going on with one process instead of $ranks: $mpi_missing; fix: $(mpi_advice)"
        ranks=1
    fi
}

pass_ranks() {
    local index
    for index in "${!arguments[@]}"; do
        if [[ ${arguments[index]} == "$command_word" && ( -n $ranks_asked || $command_word == run ) ]]; then
            [[ $parallel_commands == *" $command_word "* ]] || return
            arguments=("${arguments[@]:0:index+1}" --ranks "$ranks" "${arguments[@]:index+1}")
            break
        fi
    done
    [[ -z $single ]] || ranks=1
}

# Sets threads from the cores of this node. Cores count, not processors, unless there are more ranks than cores.
plan_threads() {
    local units=$physical_cores
    ranks_per_node=$(((ranks + ${SLURM_JOB_NUM_NODES:-1} - 1) / ${SLURM_JOB_NUM_NODES:-1}))
    ((units >= ranks_per_node)) || units=$cores
    threads=$((units / ranks_per_node))
    if ((threads < 1)); then
        say "$ranks_per_node ranks share $units cores of this node: expect a slow run"
        threads=1
    fi
    [[ ! ${OMP_NUM_THREADS-} =~ ^[1-9][0-9]*$ ]] || threads=$OMP_NUM_THREADS
}

# Prints the JVM's options, one a line.
jvm_options() {
    local archive=${class_archive:-$app/classes-$jdk_version.jsa}
    # libtorch does the work, so the collector gets few threads; its memory is not the heap's.
    if ((threads > 1)); then
        printf '%s\n' -XX:+UseParallelGC "-XX:ParallelGCThreads=$threads"
    else
        echo -XX:+UseSerialGC
    fi
    # The checker reads line by line; without a limit the collector would rather take memory than work. It is done before the
    # optimizing compiler pays.
    [[ $command_word != check && $command_word != package ]] || printf '%s\n' -Xmx256m -XX:TieredStopAtLevel=1
    # jHDF reports every dataset that it opens, and its jar has settings of SLF4J's simple logger that send this to standard output.
    printf '%s\n' "-XX:MaxRAMPercentage=$((50 / ranks_per_node > 0 ? 50 / ranks_per_node : 1)).0" \
        -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData -Djava.awt.headless=true \
        -Dorg.slf4j.simpleLogger.log.io.jhdf=error -Dorg.slf4j.simpleLogger.logFile=System.err \
        -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
        "-Dmlhpc.threads=$threads" "-Dmlhpc.home=$home"
    [[ -z ${MLHPC_CACHE-} ]] || echo "-Dorg.bytedeco.javacpp.cachedir=$libtorch_cache"
    [[ ! -t 2 ]] || echo -Dmlhpc.terminal=true
    [[ ! -r $archive ]] || printf '%s\n' "-XX:SharedArchiveFile=$archive" -Xlog:cds=off -Xlog:cds+dynamic=off
    ((jdk_feature < 22)) || echo --enable-native-access=ALL-UNNAMED
    ((jdk_feature < 24)) || echo --sun-misc-unsafe-memory-access=allow
}

# A build has written its class path down; a bundle, which may lie anywhere, has not.
print_class_path() {
    if [[ -r $app/classpath ]]; then echo "$(<"$app/classpath")"; else printf '%s\n' "$app"/lib/*.jar | paste -sd:; fi
}

# Sets java_command for one process; with_mpi is empty for a process that is not part of a job.
prepare_java() {
    local with_mpi=$1 class_path version='' further=() options=()
    class_path=$(print_class_path)
    mapfile -t options < <(jvm_options)
    if [[ -n $with_mpi ]]; then
        class_path+=:$(printf '%s:' "$app"/mpi-lib/*.jar)$mpi_jar
        options+=("-Djava.library.path=$mpi_libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}")
    fi
    read -ra further <<<"${MLHPC_JAVA_OPTS-}"
    # A description of the system names the library that its jobs use, though it is no job itself.
    [[ $command_word != system || -n $with_mpi ]] || version=$(mpi_version)
    # OpenBLAS keeps its threads spinning for milliseconds after each product, on the cores that oneDNN's threads need next.
    mapfile -t java_environment < <(allocator_environment && printf '%s\n' "OMP_NUM_THREADS=$threads" \
        "OPENBLAS_THREAD_TIMEOUT=${OPENBLAS_THREAD_TIMEOUT:-4}" "MLHPC_CACHE=$cache" "MLHPC_MPI=$version")
    java_command=(env "${java_environment[@]}" "$jdk/bin/java" "${options[@]}" ${further[@]+"${further[@]}"}
        -cp "$class_path" "$main_class" ${arguments[@]+"${arguments[@]}"})
}

start_process() {
    prepare_java ''
    [[ $command_word == run && -z $single ]] || exec "${java_command[@]}"
    local status death=''
    "${java_command[@]}" </dev/null &
    job=$!
    # Bash lets its background processes ignore INT, and Java leaves it at that.
    trap 'interrupted=2; kill -s TERM "$job" 2>/dev/null' INT
    trap 'forward TERM 15' TERM
    trap 'forward TERM 1' HUP
    wait_for "$job"
    status=$?
    ((status <= 128)) || death="rank 0 on ${HOSTNAME-this node} was killed by signal $(signal_of "$status")"
    finish_job "$status" "$death"
}

# signal_of STATUS: number and name, as mpirun writes them.
signal_of() {
    echo "$(($1 - 128)) ($(kill -l "$1"))"
}

# One rank of a job that somebody else started.
start_rank() {
    find_mpi || fail "$EXIT_ENVIRONMENT" "this process is a rank of an MPI job, but $mpi_missing; fix: $(mpi_advice)"
    build_if_needed "$mpi_jar" || exit
    local local_ranks=${OMPI_COMM_WORLD_LOCAL_SIZE:-${SLURM_STEP_TASKS_PER_NODE:-1}}
    ranks=${OMPI_COMM_WORLD_SIZE:-${SLURM_STEP_NUM_TASKS:-1}} ranks_per_node=${local_ranks%%[!0-9]*}
    read -r cores physical_cores < <(count_processors)
    # A bound rank sees only its own processors; an unbound one must share those of the job.
    local share=$((${SLURM_CPUS_ON_NODE:-$(getconf _NPROCESSORS_ONLN)} / ranks_per_node))
    threads=${OMP_NUM_THREADS:-${SLURM_CPUS_PER_TASK:-$((physical_cores < share ? physical_cores : share))}}
    threads=${threads%%[!0-9]*}
    ((${threads:-0} >= 1)) || threads=1
    [[ -n $ranks_asked ]] || ranks_asked=$ranks
    pass_ranks
    prepare_java mpi
    exec "${java_command[@]}"
}

# Prints mpirun's options, one a line.
mpirun_options() {
    printf '%s\n' -n "$ranks"
    [[ $EUID != 0 ]] || echo --allow-run-as-root
    if ((ranks_per_node * threads <= physical_cores)); then
        printf '%s\n' --map-by "slot:PE=$threads" --bind-to core
    else
        printf '%s\n' --bind-to none
    fi
    [[ -n ${SLURM_JOB_ID-} ]] || echo --oversubscribe
    # A filtered container forbids one process to read another's memory; the transport would warn at each message.
    if grep -q '^Seccomp:.*2' /proc/self/status && ! may_read_other_processes; then
        printf '%s\n' --mca btl_vader_single_copy_mechanism none
    fi
    [[ -e /sys/class/infiniband ]] || printf '%s\n' --mca btl_base_warn_component_unused 0
}

may_read_other_processes() {
    local bits
    bits=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
    (((16#$bits >> 19) & 1))
}

start_job() {
    local options=() further=() work status
    mapfile -t options < <(mpirun_options)
    read -ra further <<<"${MLHPC_MPIRUN_OPTS-}"
    prepare_java mpi
    work=$(mktemp -d) || fail "$EXIT_ENVIRONMENT" "cannot create a folder in ${TMPDIR:-/tmp}"
    mkfifo "$work/errors"
    filter_errors "$work/death" <"$work/errors" >&2 &
    local filter=$!
    "$mpirun" "${options[@]}" ${further[@]+"${further[@]}"} "${java_command[@]}" 2>"$work/errors" </dev/null &
    job=$!
    trap 'forward INT 2' INT
    trap 'forward TERM 15' TERM
    trap 'forward TERM 1' HUP
    wait_for "$job"
    status=$?
    wait_for "$filter"
    local death=''
    [[ -r $work/death ]] && death=$(<"$work/death")
    rm -rf "$work"
    [[ -n $death ]] || ((status <= 128)) || death="mpirun or one of its ranks was killed by signal $(signal_of "$status")"
    finish_job "$status" "$death"
}

# Ctrl-C at a terminal reaches mpirun by itself, and a second signal would make it skip the orderly end.
forward() {
    interrupted=$2
    [[ $1 == INT && ( -t 0 || -t 2 ) ]] || kill -s "$1" "$job" 2>/dev/null
}

# A trap ends wait early, with the number of the signal; the process's own status comes with the next one.
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

# finish_job STATUS DEATH: ends the launcher; DEATH says who was killed, or nothing.
finish_job() {
    local status=$1 death=$2 advice="to continue from the last checkpoint, repeat the command with --resume and its --out"
    if ((interrupted > 0)); then
        say "the job was interrupted; $advice"
        exit $((128 + interrupted))
    elif [[ -n $death ]]; then
        say "$death and the job has ended; $advice"
        exit "$EXIT_ENVIRONMENT"
    elif ((status > 3)); then
        say "the job ended with status $status"
        exit "$EXIT_ENVIRONMENT"
    fi
    exit "$status"
}

# Copies the job's error stream except mpirun's own boxes about how ranks ended; writes the cause of death to a file.
# Partial lines pass within a third of a second, so that progress in place keeps moving.
filter_errors() {
    local LC_ALL=C line partial='' rule='' box='' state
    printf -v rule '%*s' 74 ''
    rule=${rule// /-}
    trap '' INT TERM HUP
    while true; do
        IFS= read -r -t 0.3 line
        state=$?
        line=$partial$line partial=''
        if ((state > 128)); then
            if [[ -n $box || $line == -* ]]; then partial=$line; else printf '%s' "$line"; fi
        elif ((state != 0)); then
            printf '%s' "$box$line"
            return
        elif [[ -z $box && $line != "$rule" ]]; then
            is_about_boxes "$line" || printf '%s\n' "$line"
        elif [[ -n $box && $line == "$rule" ]]; then
            close_box "$box$line" "$1"
            box=''
        else
            box+=$line$'\n'
        fi
    done
}

# mpirun's notes on boxes that it counted or failed to pass on while the job was ending.
is_about_boxes() {
    [[ $1 == *'help message help-mpi-api.txt / mpi-abort' || $1 == *'"orte_base_help_aggregate"'* ||
        $1 == *'ORTE_ERROR_LOG: '*'/orte/util/show_help.c'* ]]
}

close_box() {
    local words=${1//$'\n'/ }
    if [[ $words =~ noticed\ that\ process\ rank\ ([0-9]+)\ with\ PID\ [0-9]+\ on\ node\ ([^ ]+)\ exited\ on\ +signal\ ([0-9]+\ \([^\)]*\)|[0-9]+) ]]; then
        echo "rank ${BASH_REMATCH[1]} on ${BASH_REMATCH[2]} was killed by signal ${BASH_REMATCH[3]}" >"$2"
    elif [[ $words != *"Primary job  terminated normally"* && $words != *"exited with non-zero status"* &&
        $words != *"MPI_ABORT was invoked"* ]]; then
        printf '%s\n' "$1"
    fi
}
