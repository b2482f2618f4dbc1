# shellcheck shell=bash
# Starts the Java processes: one, or several under mpirun or srun (ranks.sh).

readonly main_class=org.mlhpc.harness.cli.Main
# Commands whose --ranks option means processes of an MPI job.
readonly parallel_commands=" run bench stage roofline "

# Java ends with 1 when it cannot start or the program breaks down. So the program says by another code that what it checked or
# trained has failed.
readonly SAYS_FAILED=101

arguments=() command_word='' ranks=1 ranks_asked='' single=''
threads=1 ranks_per_node=1 cores=1 physical_cores=1
java_command=() java_environment=() job='' job_launcher='' interrupted=0

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
        start_job mpi
    elif runs_elsewhere; then
        start_job ''
    else
        start_process
    fi
}

# Whether the only process belongs on another node of the allocation.
runs_elsewhere() {
    [[ -z $single && $parallel_commands == *" $command_word "* && -n ${SLURMD_NODENAME-} &&
        -n ${MLHPC_NODES-} && $MLHPC_NODES != "$SLURMD_NODENAME" ]]
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
        # As many on each node as the job has asked for.
        ranks=$((ranks * $(count_nodes) / ${SLURM_JOB_NUM_NODES:-1}))
    fi
    if [[ -n $single ]]; then
        return
    fi
    if ((ranks > 1)) && ! provide_mpi; then
        # Measuring one process instead would replace what was measured of the node before, and a job would waste its nodes.
        [[ $command_word != roofline && -z ${SLURM_JOB_ID-} ]] ||
            fail "$EXIT_ENVIRONMENT" "$ranks ranks need Open MPI, but $mpi_missing; fix: $(mpi_advice)"
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

# Nodes of the run: those of the allocation, or of MLHPC_NODES.
count_nodes() {
    local commas=${MLHPC_NODES-}
    commas=${commas//[!,]/}
    if [[ -n ${MLHPC_NODES-} ]]; then echo $((${#commas} + 1)); else echo "${SLURM_JOB_NUM_NODES:-1}"; fi
}

# Sets threads from the cores of this node. Cores count, not processors, unless there are more ranks than cores.
plan_threads() {
    local units=$physical_cores
    local nodes
    nodes=$(count_nodes)
    ranks_per_node=$(((ranks + nodes - 1) / nodes))
    ((units >= ranks_per_node)) || units=$cores
    threads=$((units / ranks_per_node))
    if ((threads < 1)); then
        say "$ranks_per_node ranks share $units cores of this node: expect a slow run"
        threads=1
    fi
    [[ -z ${SLURM_JOB_ID-} ]] || threads=$(allocated_threads)
    [[ ! ${OMP_NUM_THREADS-} =~ ^[1-9][0-9]*$ ]] || threads=$OMP_NUM_THREADS
}

# Prints the processors that a job of Slurm has on each node, on the poorest of them. Slurm writes 72(x2),36.
processors_of_node() {
    local list=${SLURM_JOB_CPUS_PER_NODE:-${SLURM_CPUS_ON_NODE:-$cores}}
    sed 's/(x[0-9]*)//g; s/,/\n/g' <<<"$list" | sort -n | head -n 1
}

# Prints those of a rank.
processors_of_rank() {
    local share=${SLURM_CPUS_PER_TASK:-$(($(processors_of_node) / ranks_per_node))}
    echo $((share > 0 ? share : 1))
}

# Of threads as planned, as many as the allocation has cores for.
allocated_threads() {
    local share=$(($(processors_of_rank) * physical_cores / cores))
    ((share >= 1)) || share=1
    echo $((share < threads ? share : threads))
}

# Prints the option for the heap: half of the node's memory for all ranks there, or of what Slurm gives this job of it.
heap_option() {
    local granted=${SLURM_MEM_PER_NODE:-$((${SLURM_MEM_PER_CPU:-0} * $(processors_of_node)))} total
    total=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    if ((granted > 0 && granted < total / 1024)); then
        echo "-Xmx$((granted / 2 / ranks_per_node > 64 ? granted / 2 / ranks_per_node : 64))m"
    else
        echo "-XX:MaxRAMPercentage=$((50 / ranks_per_node > 0 ? 50 / ranks_per_node : 1)).0"
    fi
}

# Prints all options for the heap, one a line. The checker reads line by line; without a limit the collector would rather take memory
# than work.
heap_options() {
    heap_option
    [[ $command_word != check && $command_word != package ]] || echo -Xmx256m
}

# Prints how much heap Java has: of all options in the order in which it reads them the last -Xmx, or else the last share.
granted_heap() {
    local words word size='' share=''
    read -ra words <<<"${JAVA_TOOL_OPTIONS-} ${JDK_JAVA_OPTIONS-} $(heap_options | paste -sd ' ') ${MLHPC_JAVA_OPTS-} ${_JAVA_OPTIONS-}"
    for word in "${words[@]}"; do
        [[ ! $word =~ ^-Xmx([0-9]+[kKmMgGtT]?)$ ]] || size=${BASH_REMATCH[1]}
        [[ ! $word =~ ^-XX:MaxRAMPercentage=([0-9.]+)$ ]] || share="${BASH_REMATCH[1]} percent of the memory"
    done
    echo "${size:-$share}"
}

# Prints what Java runs when memory of its own is used up, of whatever kind. Java splits it at semicolons.
memory_advice() {
    echo "echo 'mlhpc: Java has used up memory of the kind that stands above. If it is heap, set a larger -Xmx in MLHPC_JAVA_OPTS" \
        "than it had ($(granted_heap)), or start fewer ranks on each node' >&2"
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
    heap_options
    # The checker is done before the optimizing compiler pays.
    [[ $command_word != check && $command_word != package ]] || echo -XX:TieredStopAtLevel=1
    # Somebody else's mpirun or srun ends as its ranks say.
    inside_mpi || echo "-Dmlhpc.failed=$SAYS_FAILED"
    # jHDF reports every dataset that it opens, and its jar has settings of SLF4J's simple logger that send this to standard output.
    # A process that lacks memory in one of its threads must not let the others wait. What it says would be in the midst of results.
    printf '%s\n' -XX:+ExitOnOutOfMemoryError "-XX:OnOutOfMemoryError=$(memory_advice)" -XX:+DisplayVMOutputToStderr \
        -XX:-UsePerfData -Djava.awt.headless=true \
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
    # OpenBLAS keeps its threads spinning for milliseconds after each product, on the cores that oneDNN's threads need next. It
    # prefers a number of its own, which sites set to 1.
    mapfile -t java_environment < <(allocator_environment && printf '%s\n' "OMP_NUM_THREADS=$threads" \
        "OPENBLAS_NUM_THREADS=$threads" "OPENBLAS_THREAD_TIMEOUT=${OPENBLAS_THREAD_TIMEOUT:-4}" \
        "MLHPC_CACHE=$cache" "MLHPC_MPI=$version")
    java_command=(env "${java_environment[@]}" "$jdk/bin/java" "${options[@]}" ${further[@]+"${further[@]}"}
        -cp "$class_path" "$main_class" ${arguments[@]+"${arguments[@]}"})
}

start_process() {
    prepare_java ''
    local status death=''
    # Somebody may have closed it.
    { true <&0; } 2>/dev/null || exec </dev/null
    # Bash gives its background processes nothing to read, unless told so.
    "${java_command[@]}" <&0 &
    job=$!
    # Bash lets its background processes ignore INT, and Java leaves it at that.
    trap 'interrupted=2; kill -s TERM "$job" 2>/dev/null' INT
    trap 'forward TERM 15' TERM
    trap 'forward TERM 1' HUP
    wait_for "$job"
    status=$?
    ((status <= 128)) || death="rank 0 on ${HOSTNAME-this node} was killed by signal $(signal_of "$status")"
    finish_job "$status" "$death" killed
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

# Ctrl-C at a terminal reaches mpirun by itself, and a second signal would make it skip the orderly end. srun wants two, and
# ends at the first TERM.
forward() {
    local signal=$1
    interrupted=$2
    if [[ $job_launcher == srun ]]; then
        signal=TERM
    elif [[ $1 == INT && ( -t 0 || -t 2 ) ]]; then
        return
    fi
    kill -s "$signal" "$job" 2>/dev/null
}

# report_cause KIND TEXT: for the batch script, unless the run knew better what was wrong.
report_cause() {
    [[ -z ${MLHPC_CAUSE-} || -s $MLHPC_CAUSE ]] || printf '%s\t%s\n' "$1" "$2" >"$MLHPC_CAUSE"
}

# option_value NAME: what was given last for an option of the command; nothing without it.
option_value() {
    local i value=''
    for ((i = 0; i < ${#arguments[@]}; i++)); do
        case ${arguments[i]} in
        "$1") value=${arguments[i + 1]-} ;;
        "$1"=*) value=${arguments[i]#*=} ;;
        esac
    done
    echo "$value"
}

# Whether the command is a run whose logs have known names: without --out the program chooses the folder.
knows_logs() {
    [[ $command_word == run && -n $(option_value --out) && " ${arguments[*]} " != *" --dry-run "* ]]
}

# logged_code: prints the worst exit code that the logs of the command's runs tell; fails unless each of them has its log.
logged_code() {
    local folder first runs index code worst=0
    folder=$(option_value --out) first=$(option_value --run-index) runs=$(option_value --runs)
    # What is no number the program refuses.
    [[ $runs =~ ^[0-9]+$ && -z $first ]] || runs=1
    [[ $first =~ ^[0-9]+$ ]] || first=0
    for ((index = 10#$first; index < 10#$first + 10#$runs; index++)); do
        [[ -e $folder/result_$index.txt ]] || return
        code=$(log_code "$folder/result_$index.txt")
        worst=$((code > worst ? code : worst))
    done
    echo "$worst"
}

# finish_interrupted STATUS: a run may have come to its end in the very moment in which it was told to. Its log gets its name last, and
# tells more than the status: mpirun may end with 1 because of the signal, and srun ends with 0 if it has launched no rank.
finish_interrupted() {
    local code
    if knows_logs; then
        code=$(logged_code) && exit "$code"
    elif (($1 == 0)); then
        exit 0
    elif (($1 == SAYS_FAILED)); then
        exit "$EXIT_FAILED"
    fi
    say "the job was interrupted$(resume_advice)"
    exit $((128 + interrupted))
}

resume_advice() {
    [[ $command_word != run ]] || echo "; to continue from the last checkpoint, repeat the command with --resume and its --out"
}

# Says what a status of 1 means, which is not the program's.
failed_start() {
    echo "Java${job_launcher:+ or $job_launcher} could not start, or broke down; what it says stands above; if it refuses an option" \
        "or gets no memory, change MLHPC_JAVA_OPTS${MLHPC_JAVA_OPTS:+ ($MLHPC_JAVA_OPTS)}, JDK_JAVA_OPTIONS, JAVA_TOOL_OPTIONS" \
        "or _JAVA_OPTIONS, or the limits that ulimit -a shows"
}

# finish_job STATUS DEATH KIND: ends the launcher; DEATH says who was killed, or nothing; KIND is killed or oom.
finish_job() {
    local status=$1 death=$2
    if ((interrupted > 0)); then
        finish_interrupted "$status"
    elif [[ -n $death ]]; then
        report_cause "$3" "$death"
        say "$death and the job has ended$(resume_advice)"
        exit "$EXIT_ENVIRONMENT"
    elif ((status == SAYS_FAILED)); then
        exit "$EXIT_FAILED"
    elif ((status == 1)); then
        fail "$EXIT_ENVIRONMENT" "$(failed_start)"
    elif ((status > 3)); then
        say "the job ended with status $status"
        exit "$EXIT_ENVIRONMENT"
    fi
    exit "$status"
}
