# shellcheck shell=bash
# Starts the ranks of a job with mpirun or srun, and makes of what these say at the end one line that names the cause.

# Sets job_launcher. Without a wish it is mpirun, and srun in a job of Slurm whose Open MPI has none.
choose_launcher() {
    job_launcher=${MLHPC_LAUNCHER:-mpirun}
    [[ -n ${MLHPC_LAUNCHER-} || -n $mpirun ]] || job_launcher=srun
    case $job_launcher in
    mpirun) [[ -n $mpirun ]] || fail "$EXIT_ENVIRONMENT" "MLHPC_LAUNCHER=mpirun, but there is none; fix: unset it, or put Open MPI's on the PATH" ;;
    srun)
        [[ -n ${SLURM_JOB_ID-} ]] || fail "$EXIT_USAGE" "MLHPC_LAUNCHER=srun works inside a job of Slurm (sbatch, salloc) alone"
        have srun || fail "$EXIT_ENVIRONMENT" "MLHPC_LAUNCHER=srun, but srun is not on the PATH"
        ;;
    *) fail "$EXIT_USAGE" "MLHPC_LAUNCHER=$MLHPC_LAUNCHER is unknown; choose mpirun or srun" ;;
    esac
}

# Prints the command that starts the ranks, one word a line.
launch_command() {
    local further=()
    if [[ $job_launcher == srun ]]; then
        read -ra further <<<"${MLHPC_SRUN_OPTS-}"
        printf '%s\n' srun
        srun_options || return
    else
        read -ra further <<<"${MLHPC_MPIRUN_OPTS-}"
        printf '%s\n' "$mpirun"
        mpirun_options
    fi
    ((${#further[@]} == 0)) || printf '%s\n' "${further[@]}"
}

mpirun_options() {
    printf '%s\n' -n "$ranks"
    [[ $EUID != 0 ]] || echo --allow-run-as-root
    [[ -z ${MLHPC_NODES-} ]] || printf '%s\n' --host "${MLHPC_NODES//,/:$ranks_per_node,}:$ranks_per_node"
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

srun_options() {
    local nodes processors plugin
    nodes=$(count_nodes)
    processors=$(processors_of_rank)
    [[ " ${MLHPC_SRUN_OPTS-}" == *" --mpi"* ]] || { plugin=$(mpi_plugin) || return; }
    printf '%s\n' --ntasks="$ranks" --nodes="$nodes" --ntasks-per-node="$ranks_per_node" --kill-on-bad-exit=1
    [[ -z ${plugin-} ]] || echo "--mpi=$plugin"
    [[ -z ${MLHPC_NODES-} ]] || echo "--nodelist=$MLHPC_NODES"
    if ((ranks_per_node * processors <= $(processors_of_node))); then
        printf '%s\n' --exact --cpus-per-task="$processors" --cpu-bind=cores
    else
        printf '%s\n' --overcommit --cpus-per-task=1 --cpu-bind=none
    fi
}

# Prints what lets Slurm's ranks find each other: what srun offers and Open MPI understands.
mpi_plugin() {
    local offered understood wanted
    offered=$(srun --mpi=list 2>&1 | grep -oE '\b(pmix(_v[0-9]+)?|pmi2)\b' | sort -u)
    understood=$(understood_plugins)
    for wanted in pmix $(grep -E '^pmix_v' <<<"$offered" | sort -rV) pmi2; do
        if grep -qx "$wanted" <<<"$offered" && grep -qx "${wanted%_v*}" <<<"$understood"; then
            echo "$wanted"
            return
        fi
    done
    say "srun cannot start Open MPI's ranks: it offers ${offered//$'\n'/, }${offered:+, and }Open MPI understands" \
        "${understood//$'\n'/, }; fix: MLHPC_LAUNCHER=mpirun, or a Slurm that was built with PMIx"
    return "$EXIT_ENVIRONMENT"
}

# Open MPI knows only PMIx from version 5 on.
understood_plugins() {
    local parts
    parts=$("$mpi_programs/ompi_info" --parsable 2>/dev/null)
    if [[ $parts =~ mca:pmix:(ext|pmix)[0-9] || $parts =~ ompi:version:full:([5-9]|[1-9][0-9])\. ]]; then echo pmix; fi
    [[ $parts != *mca:pmix:s2:* ]] || echo pmi2
}

# start_job WITH_MPI: empty for one process on another node, which needs no MPI.
start_job() {
    local with_mpi=$1 words command=() work status
    if [[ -n $with_mpi ]]; then
        choose_launcher
    else
        job_launcher=srun MLHPC_SRUN_OPTS="--mpi=none ${MLHPC_SRUN_OPTS-}"
    fi
    words=$(launch_command) || exit
    mapfile -t command <<<"$words"
    prepare_java "$with_mpi"
    work=$(mktemp -d) || fail "$EXIT_ENVIRONMENT" "cannot create a folder in ${TMPDIR:-/tmp}"
    mkfifo "$work/errors"
    filter_errors "$work" <"$work/errors" >&2 &
    local filter=$!
    "${command[@]}" "${java_command[@]}" 2>"$work/errors" </dev/null &
    job=$!
    trap 'forward INT 2' INT
    trap 'forward TERM 15' TERM
    trap 'forward TERM 1' HUP
    wait_for "$job"
    status=$?
    wait_for "$filter"
    judge_end "$status" "$work"
}

# judge_end STATUS FOLDER: FOLDER has what the errors said, in files named death, exit and oom.
judge_end() {
    local status=$1 death='' kind=killed
    if [[ -r $2/exit ]]; then
        status=$(<"$2/exit")
    elif [[ -r $2/death ]]; then
        death=$(<"$2/death")
    elif ((status > 128)); then
        death="$job_launcher or one of its ranks was killed by signal $(signal_of "$status")"
    elif [[ $job_launcher == srun ]] && ((status > 0 && status != SAYS_FAILED)); then
        # Of srun itself: no rank has ended with it.
        status=$EXIT_ENVIRONMENT
    fi
    [[ ! -e $2/oom || -z $death ]] || kind=oom
    rm -rf "$2"
    finish_job "$status" "$death" "$kind"
}

# Copies the job's error stream except mpirun's and srun's own words about how ranks ended; writes these to files of a folder.
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
            is_about_boxes "$line" || is_about_tasks "$line" "$1" || printf '%s\n' "$line"
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
    local words=${1//$'\n'/ } launch_fault=''
    if [[ $words =~ noticed\ that\ process\ rank\ ([0-9]+)\ with\ PID\ [0-9]+\ on\ node\ ([^ ]+)\ exited\ on\ +signal\ ([0-9]+\ \([^\)]*\)|[0-9]+) ]]; then
        echo "rank ${BASH_REMATCH[1]} on ${BASH_REMATCH[2]} was killed by signal ${BASH_REMATCH[3]}" >"$2/death"
    elif cannot_launch "$words"; then
        note_first "$2" death "the ranks could not be launched by mpirun: $launch_fault"
        printf '%s\n' "$1"
    elif [[ $words =~ lost\ communication\ with\ a\ remote\ daemon.*Remote\ daemon:\ [^\ ]+\ on\ node\ ([^ ]+) ]]; then
        note_first "$2" death "node ${BASH_REMATCH[1]} was lost"
    elif [[ $words =~ MPI_ABORT\ was\ invoked.*\ with\ errorcode\ ([0-9]+) ]]; then
        [[ $job_launcher != srun ]] || echo "${BASH_REMATCH[1]}" >"$2/exit"
    elif [[ $words != *"Primary job  terminated normally"* && $words != *"exited with non-zero status"* &&
        $words != *"MPI_ABORT was invoked"* ]]; then
        printf '%s\n' "$1"
    fi
}

# cannot_launch WORDS: whether mpirun says that no rank has run. Sets launch_fault.
cannot_launch() {
    [[ $1 =~ (There\ are\ not\ enough\ slots\ available\ in\ the\ system) ||
        $1 =~ (An?\ [A-Z]*\ ?daemon\ has\ unexpectedly\ failed\ after\ launch) ||
        $1 =~ ([A-Z]+\ was\ unable\ to\ reliably\ start\ one\ or\ more\ daemons) ||
        $1 =~ (mpirun\ was\ unable\ to\ (launch|find|start)\ the\ specified\ [a-z]+) ||
        $1 =~ (All\ nodes\ which\ are\ allocated\ for\ this\ job\ are\ already\ filled) ]] || return
    launch_fault=${BASH_REMATCH[1]}
}

# note_first FOLDER FILE TEXT: how the first rank ended is the cause, and what comes later its consequence.
note_first() {
    [[ -e $1/death || -e $1/exit ]] || echo "$3" >"$1/$2"
}

# is_about_tasks LINE FOLDER: srun's and slurmstepd's words about how tasks ended. Memory and time pass: they explain.
is_about_tasks() {
    local rank node how
    if [[ $1 =~ [Oo]om[-_]kill || $1 == *"xceeded memory limit"* || $1 == *"xceeded job memory limit"* ]]; then
        [[ $1 != *slurmstepd* ]] || : >"$2/oom"
        return 1
    elif [[ $job_launcher != srun ]]; then
        return 1
    elif [[ $1 =~ ^srun:\ error:\ ([^ ]+):\ tasks?\ ([0-9,-]+):\ (.*) ]]; then
        node=${BASH_REMATCH[1]} rank=${BASH_REMATCH[2]} how=${BASH_REMATCH[3]}
        if [[ $how =~ ^Exited\ with\ exit\ code\ ([0-9]+) ]]; then
            note_first "$2" exit "${BASH_REMATCH[1]}"
        else
            [[ $how != "Out Of Memory" ]] || : >"$2/oom"
            note_first "$2" death "rank $rank on $node was killed by signal $(signal_called "$how")"
        fi
    elif [[ $1 =~ ^srun:\ error:\ task\ ([0-9,-]+)\ launch\ failed:\ (.*) ]]; then
        note_first "$2" death "rank ${BASH_REMATCH[1]} could not be launched by srun: ${BASH_REMATCH[2]}"
    elif [[ $1 =~ ^srun:\ error:\ Node\ failure\ on\ ([^ ]+) ]]; then
        note_first "$2" death "node ${BASH_REMATCH[1]} failed"
    else
        [[ $1 == "srun: cluster configuration lacks support for cpu binding" || $1 == "srun: launch/slurm: "* || $1 == "srun: Job step aborted"* || $1 == "srun: Force Terminated"* ||
            $1 =~ ^slurmstepd-?[^\ ]*:\ error:\ \*\*\*\ STEP\ .*\ CANCELLED\ AT\ [^\ ]+\ \*\*\*$ ]]
    fi
}

# signal_called WORDS: number and name, as mpirun writes them, of what strsignal calls so.
signal_called() {
    local words=${1% (core dumped)} number
    case $words in
    Killed | "Out Of Memory") number=9 words=Killed ;;
    Terminated) number=15 ;;
    Aborted) number=6 ;;
    "Segmentation fault") number=11 ;;
    "Bus error") number=7 ;;
    "Floating point exception") number=8 ;;
    "Illegal instruction") number=4 ;;
    Interrupt) number=2 ;;
    Hangup) number=1 ;;
    *) echo "$words" && return ;;
    esac
    echo "$number ($words)"
}
