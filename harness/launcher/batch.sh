# shellcheck shell=bash
# What happens inside a batch job: signals, restarts, events. Job scripts source this file; see docs/adr/0016-campaigns.md.
#
#   home=/path/of/mlhpc
#   . "$home/harness/launcher/batch.sh"
#   batch_begin POINT_FOLDER
#   batch_preflight OPTION...                           (optional; see preflight.sh)
#   batch_run INDEX run WORKLOAD OPTION...              or: batch_instances COUNT NODES_EACH run WORKLOAD OPTION...
#
# Both end the job: exit code 0 or 1 as the runs say, 2 wrong usage, 3 environment; or the job goes back to the queue.
#
# Variables for users:
#   MLHPC_MOST_RESTARTS    how often a job may start again; default 50
#   MLHPC_RETRIES          how often a run goes on after a killed rank or a hang; default 3
#   MLHPC_STOP_MARGIN      seconds before the end of a job at which a run that has not saved its state is ended; default 20

# shellcheck source=harness/launcher/common.sh
. "${home:?is to be set to the folder of mlhpc}/harness/launcher/common.sh"
# shellcheck source=harness/launcher/events.sh
. "$home/harness/launcher/events.sh"
# shellcheck source=harness/launcher/requeue.sh
. "$home/harness/launcher/requeue.sh"
# shellcheck source=harness/launcher/preflight.sh
. "$home/harness/launcher/preflight.sh"

readonly MOST_RESTARTS=${MLHPC_MOST_RESTARTS:-50} RETRIES=${MLHPC_RETRIES:-3} STOP_MARGIN=${MLHPC_STOP_MARGIN:-20}
# As many starts without a new checkpoint show that the next one would end like them.
readonly STARTS_WITHOUT_PROGRESS=3

batch_point='' batch_job='' batch_told='' batch_taken='' batch_killer='' batch_shown='' batch_nodes=()
# What is under way: processes, by index of the run.
declare -A batch_running=()
# Runs that the job is to start again for, and why.
batch_again=() batch_why='' batch_exit=0

# batch_begin POINT_FOLDER
batch_begin() {
    [[ -n ${SLURM_JOB_ID-} ]] || fail "$EXIT_USAGE" "this is a script for sbatch: SLURM_JOB_ID is not set"
    { mkdir -p "$1" && batch_point=$(cd "$1" && pwd); } || fail "$EXIT_ENVIRONMENT" "cannot write to $1"
    # Of a job that has submitted this one.
    unset MLHPC_NODES
    batch_job=$(slurm_name)
    mapfile -t batch_nodes < <(scontrol show hostnames "$SLURM_JOB_NODELIST")
    ((${#batch_nodes[@]} > 0)) || fail "$EXIT_ENVIRONMENT" "scontrol does not say which nodes $SLURM_JOB_NODELIST are"
    trap 'told_to_end' TERM
}

# batch_run INDEX MLHPC-ARGUMENT...
batch_run() {
    local index=$1
    shift
    events_of "$index"
    is_finished "$index" && say "run $index is finished already" && exit "$(finished_code "$index")"
    begin_run "$index" "$(batch_node_names)"
    start_run "$index" "$@"
    show_log "$index"
    end_run "$index"
    end_job
}

# batch_instances COUNT NODES_EACH MLHPC-ARGUMENT...
batch_instances() {
    local count=$1 each=$2 index nodes
    shift 2
    local chosen=("${batch_nodes[@]}") unfinished=()
    ((count * each <= ${#chosen[@]})) ||
        fail "$EXIT_USAGE" "$count runs on $each nodes each need $((count * each)) nodes, and the job has ${#chosen[@]}"
    for ((index = 0; index < count; index++)); do
        if is_finished "$index"; then
            note_exit "$(finished_code "$index")"
            continue
        fi
        events_of "$index"
        nodes=$(join_nodes "${chosen[@]:index * each:each}")
        begin_run "$index" "$nodes"
        unfinished+=("$index" "$nodes")
    done
    for ((index = 0; index < ${#unfinished[@]}; index += 2)); do
        MLHPC_NODES=${unfinished[index + 1]} start_run "${unfinished[index]}" "$@"
    done
    for ((index = 0; index < ${#unfinished[@]}; index += 2)); do
        events_of "${unfinished[index]}"
        end_run "${unfinished[index]}"
    done
    end_job
}

is_finished() {
    [[ -e $batch_point/result_$1.txt ]]
}

# The log says whether the run reached its target.
finished_code() {
    if grep -q '"key": *"run_stop".*"status": *"aborted"' "$batch_point/result_$1.txt"; then echo 1; else echo 0; fi
}

# begin_run INDEX NODES: what is to be known before the first rank starts.
begin_run() {
    explain_restart
    remember_progress "$1"
    rm -f "$batch_point/stop_$1" "$(cause_file "$1")"
    event started "$2"
}

cause_file() {
    echo "$batch_point/cause_$1"
}

# start_run INDEX MLHPC-ARGUMENT...: in the background, with a log of its own.
start_run() {
    local index=$1
    shift
    # Told to end before there was anything to end.
    [[ -z $batch_told ]] || return 0
    MLHPC_CAUSE=$(cause_file "$index") "$home/mlhpc" "$@" --run-index "$index" --out "$batch_point" --resume \
        >>"$batch_point/log_$index.txt" 2>&1 </dev/null &
    batch_running[$index]=$!
}

# What a run says is copied to the job's own output until the run ends.
show_log() {
    [[ -n ${batch_running[$1]-} ]] || return 0
    (trap '' TERM && exec tail -n 0 -F --pid="${batch_running[$1]}" "$batch_point/log_$1.txt" 2>/dev/null) &
    batch_shown=$!
}

# The copy is a second or so behind.
end_log() {
    [[ -z $batch_shown ]] || wait_for "$batch_shown"
}

# end_run INDEX: waits for a run and decides what follows from how it ended.
end_run() {
    local index=$1 status=$EXIT_ENVIRONMENT
    if [[ -n ${batch_running[$index]-} ]]; then
        wait_for "${batch_running[$index]}"
        status=$?
        unset "batch_running[$index]"
    fi
    judge "$index" "$status"
}

# TERM: the time limit is near, or the job has to make room. The run saves its state if it has the time. A job that Slurm or its
# owner has ended already has a few seconds: enough for an event.
told_to_end() {
    [[ -z $batch_told ]] || return 0
    local index left=0
    batch_taken=$(who_took_job)
    [[ -n $batch_taken ]] || left=$(seconds_left)
    batch_told=${batch_taken:-TERM $left s before the end of the job}
    for index in "${!batch_running[@]}"; do
        events_of "$index"
        if [[ -n $batch_taken ]]; then
            say_taken "$batch_taken"
        else
            : >"$batch_point/stop_$index"
            event signal "$batch_told"
        fi
    done
    end_runs_in $((left > STOP_MARGIN ? left - STOP_MARGIN : 0)) &
    batch_killer=$!
}

# end_runs_in SECONDS: in the background, since waiting for the runs must go on.
end_runs_in() {
    trap - TERM
    sleep "$1"
    kill -TERM "${batch_running[@]}" 2>/dev/null
    sleep $((STOP_MARGIN / 2))
    kill -KILL "${batch_running[@]}" 2>/dev/null
}

# judge INDEX STATUS: one event that says how a run ended; adds to batch_again or sets batch_exit.
judge() {
    local index=$1 status=$2 kind='' text='' cause
    cause=$(cause_file "$index")
    [[ ! -s $cause ]] || IFS=$'\t' read -r kind text <"$cause"
    rm -f "$cause"
    # Whatever the code says: srun ends with 0 when it could not launch a single rank.
    ((status > 1)) || is_finished "$index" || status=$EXIT_ENVIRONMENT
    if ((status <= 1)); then
        event finished "$( ((status == 0)) && echo "target reached" || echo "target missed")"
        note_exit "$status"
    elif [[ -n $batch_taken ]]; then
        note_exit "$EXIT_ENVIRONMENT"
    elif ((status == EXIT_USAGE)); then
        give_up "$index" "$status"
    elif [[ $kind == oom ]] || { [[ $kind == killed ]] && out_of_memory "$text"; }; then
        event oom "$(explain_oom "$text")"
        note_exit "$EXIT_ENVIRONMENT"
    elif [[ -n $batch_told || $text == *"by signal 15 "* ]]; then
        event stopped "$(how_stopped "$status" "$kind")"
        go_on "$index" "${batch_told:-its ranks were told to end}"
    elif [[ -n $kind ]]; then
        event "$kind" "$text"
        [[ $kind != hang ]] || mark_bad_node "$(node_of "$text")" "$text"
        retry "$index" "$text"
    elif [[ -e $batch_point/stop_$index ]]; then
        event stopped "as $batch_point/stop_$index asks; submit the job again to go on"
        note_exit "$status"
    else
        give_up "$index" "$status"
    fi
}

how_stopped() {
    if [[ $1 == "$EXIT_ENVIRONMENT" && -z $2 ]]; then
        echo "state saved"
    else
        echo "ended without saving its state; goes on from its last checkpoint"
    fi
}

# node_of TEXT: the node of the job in "rank 1 on n2 ...", as Slurm calls it.
node_of() {
    local name node
    [[ $1 =~ " on "([^ ,:]+) ]] || return 1
    name=${BASH_REMATCH[1]%%.*}
    for node in "${batch_nodes[@]}"; do
        [[ ${node%%.*} != "$name" ]] || { echo "$node" && return; }
    done
    return 1
}

# give_up INDEX STATUS
give_up() {
    local code=$2
    ((code <= 3)) || code=$EXIT_ENVIRONMENT
    event failed "exit code $code: $(last_message "$1")"
    note_exit "$code"
}

last_message() {
    local log=$batch_point/log_$1.txt message
    message=$(grep '^mlhpc: ' "$log" 2>/dev/null | tail -n 1)
    [[ -n $message ]] || message=$(grep -v '^[[:space:]]*$' "$log" 2>/dev/null | tail -n 1)
    echo "${message:-no message; see $log}"
}

# note_exit CODE: the worst one is the job's.
note_exit() {
    (($1 <= batch_exit)) || batch_exit=$1
}

end_job() {
    [[ -z $batch_killer ]] || kill "$batch_killer" 2>/dev/null
    ((${#batch_again[@]} == 0)) || requeue
    end_log
    exit "$batch_exit"
}

batch_node_names() {
    echo "${MLHPC_NODES:-$(join_nodes "${batch_nodes[@]}")}"
}

join_nodes() {
    local IFS=,
    echo "$*"
}
