# shellcheck shell=bash
# What happens inside a batch job: signals, restarts, events. Job scripts source this file; see docs/adr/0016-campaigns.md.
#
#   home=/path/of/mlhpc
#   . "$home/harness/launcher/batch.sh"
#   batch_begin POINT_FOLDER [COUNT]                    (COUNT: of batch_instances)
#   batch_preflight OPTION...                           (optional; see preflight.sh)
#   batch_run INDEX run WORKLOAD OPTION...              or: batch_instances COUNT NODES_EACH run WORKLOAD OPTION...
#
# Both end the job: exit code 0 or 1 as the runs say, 2 wrong usage, 3 environment; or the job goes back to the queue. So does the
# script if something between these lines fails.
#
# Variables for users:
#   MLHPC_MOST_RESTARTS    how often a job may start again; default 50
#   MLHPC_RETRIES          how often a run goes on after a killed rank or a hang without a new checkpoint; default 3
#   MLHPC_STOP_MARGIN      seconds before the end of a job at which a run that has not saved its state is ended; default 20, and at most a
#                          quarter of the grace time of a job that has to make room

# shellcheck source=harness/launcher/common.sh
. "${home:?is to be set to the folder of mlhpc}/harness/launcher/common.sh"
# shellcheck source=harness/launcher/events.sh
. "$home/harness/launcher/events.sh"
# shellcheck source=harness/launcher/slurm.sh
. "$home/harness/launcher/slurm.sh"
# shellcheck source=harness/launcher/nodes.sh
. "$home/harness/launcher/nodes.sh"
# shellcheck source=harness/launcher/endings.sh
. "$home/harness/launcher/endings.sh"
# shellcheck source=harness/launcher/requeue.sh
. "$home/harness/launcher/requeue.sh"
# shellcheck source=harness/launcher/preflight.sh
. "$home/harness/launcher/preflight.sh"

readonly MOST_RESTARTS=${MLHPC_MOST_RESTARTS:-50} RETRIES=${MLHPC_RETRIES:-3} STOP_MARGIN=${MLHPC_STOP_MARGIN:-20}
# As many starts without a new checkpoint show that the next one would end like them.
readonly STARTS_WITHOUT_PROGRESS=3
# A node refuses steps of a job for so many seconds after it has ended those of its start before.
readonly SETTLE_SECONDS=2

batch_point='' batch_job='' batch_told='' batch_taken='' batch_clock='' batch_shown='' batch_closed='' batch_began='' batch_nodes=()
# Indices of the job's runs.
batch_runs=()
# What is under way: processes, by index of the run; and which of them this script has ended.
declare -A batch_running=() batch_ended=()
# Runs that the job is to start again for, and why.
batch_again=() batch_why='' batch_exit=0

# batch_begin POINT_FOLDER [COUNT]: ends a task of an array, or a job of COUNT runs, if all its runs are finished.
batch_begin() {
    [[ -n ${SLURM_JOB_ID-} ]] || fail "$EXIT_USAGE" "this is a script for sbatch: SLURM_JOB_ID is not set"
    { mkdir -p "$1" && batch_point=$(cd "$1" && pwd); } || fail "$EXIT_ENVIRONMENT" "cannot write to $1"
    # Of a job that has submitted this one.
    unset MLHPC_NODES
    read_slurm_plainly
    batch_job=$(slurm_name)
    batch_began=$EPOCHSECONDS
    set_runs "${2-}"
    trap 'end_of_script $?' EXIT
    trap 'told_to_end' TERM
    trap 'end_runs TERM' USR1
    trap 'end_runs KILL' USR2
    record_job_id
    mapfile -t batch_nodes < <(scontrol show hostnames "$SLURM_JOB_NODELIST")
    ((${#batch_nodes[@]} > 0)) || fail "$EXIT_ENVIRONMENT" "scontrol does not say which nodes $SLURM_JOB_NODELIST are"
    settle
    explain_restarts
    # Otherwise which runs the job has is known later.
    [[ -z ${2-}${SLURM_ARRAY_TASK_ID-} ]] || end_if_finished
}

# set_runs COUNT: without one the job is a task of an array, or has one run.
set_runs() {
    if [[ -n $1 ]]; then mapfile -t batch_runs < <(seq 0 $(($1 - 1))); else batch_runs=("${SLURM_ARRAY_TASK_ID:-0}"); fi
}

# A campaign knows its jobs by their numbers, also those that somebody has submitted by hand.
record_job_id() {
    local job=${SLURM_JOB_NAME-} id=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID} jobs=$batch_point/../jobs
    job=${job#mlhpc-*-}
    [[ -n $job && -e $jobs/$job.sbatch ]] || return 0
    grep -qxF "$id" "$jobs/$job.ids" 2>/dev/null || echo "$id" >>"$jobs/$job.ids"
}

# Slurm itself waits minutes before it starts a job again, but can be told not to. Events of other runs delay this one no further.
settle() {
    ((${SLURM_RESTART_COUNT:-0} > 0)) || return 0
    [[ -z $(find "$batch_point" -maxdepth 1 -name 'events_*.tsv' -newermt "-$SETTLE_SECONDS seconds" -print -quit) ]] ||
        sleep "$SETTLE_SECONDS"
}

explain_restarts() {
    local index
    for index in "${batch_runs[@]}"; do
        events_of "$index"
        explain_restart
    done
}

end_if_finished() {
    local index
    for index in "${batch_runs[@]}"; do
        is_finished "$index" || return 0
    done
    for index in "${batch_runs[@]}"; do
        say "run $index is finished already"
        note_exit "$(finished_code "$index")"
    done
    leave "$batch_exit"
}

# batch_run INDEX MLHPC-ARGUMENT...
batch_run() {
    local index=$1
    shift
    batch_runs=("$index")
    end_if_finished
    if begin_run "$index" "$(batch_node_names)"; then
        start_run "$index" "$@"
        show_log "$index"
        end_run "$index"
    fi
    end_job
}

# batch_instances COUNT NODES_EACH MLHPC-ARGUMENT...
batch_instances() {
    local count=$1 each=$2 index nodes
    shift 2
    local chosen=("${batch_nodes[@]}") begun=()
    ((count * each <= ${#chosen[@]})) ||
        fail "$EXIT_USAGE" "$count runs on $each nodes each need $((count * each)) nodes, and the job has ${#chosen[@]}"
    set_runs "$count"
    for index in "${batch_runs[@]}"; do
        if ! is_settled "$index"; then
            nodes=$(join_nodes "${chosen[@]:index * each:each}")
            ! begin_run "$index" "$nodes" || begun+=("$index" "$nodes")
        fi
    done
    for ((index = 0; index < ${#begun[@]}; index += 2)); do
        MLHPC_NODES=${begun[index + 1]} start_run "${begun[index]}" "$@"
    done
    for ((index = 0; index < ${#begun[@]}; index += 2)); do
        end_run "${begun[index]}"
    done
    end_job
}

# is_settled INDEX: whether there is nothing to do for it in this job, which may start again for others.
is_settled() {
    events_of "$1"
    if is_finished "$1"; then
        note_exit "$(finished_code "$1")"
    elif is_given_up; then
        say "run $1 was given up: submit it again to go on"
        note_exit "$EXIT_ENVIRONMENT"
    else
        return 1
    fi
}

is_finished() {
    [[ -e $batch_point/result_$1.txt ]]
}

finished_code() {
    log_code "$batch_point/result_$1.txt"
}

# begin_run INDEX NODES: what is to be known before the first rank starts; fails if another job is at work on this run.
begin_run() {
    events_of "$1"
    own_run "$1" || return
    explain_restart
    rm -f "$batch_point/stop_$1" "$(cause_file "$1")"
    event started "$2"
}

cause_file() {
    echo "$batch_point/cause_$1"
}

owner_file() {
    echo "$batch_point/run_$1.owner"
}

# own_run INDEX: two jobs never write to one run. What a job that is gone has left behind does not count.
own_run() {
    local file owner=''
    file=$(owner_file "$1")
    if ! (set -o noclobber && echo "$batch_job" >"$file") 2>/dev/null; then
        read -r owner <"$file"
        if [[ -n $owner && $owner != "$batch_job" ]] && is_at_work "$owner"; then
            event refused "job $owner is at work on this run"
            note_exit "$EXIT_ENVIRONMENT"
            return 1
        fi
        echo "$batch_job" >"$file.$SLURM_JOB_ID" && mv "$file.$SLURM_JOB_ID" "$file"
    fi
    return 0
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
    # The signal may have come between these lines.
    [[ -z $batch_told ]] || { ask_to_stop "$index" && note_told "$index"; }
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
    local index=$1 status
    if [[ -z ${batch_running[$index]-} ]]; then
        events_of "$index"
        event stopped "before it had begun"
        go_on "$index" "$batch_told"
        return
    fi
    wait_for "${batch_running[$index]}"
    status=$?
    unset "batch_running[$index]"
    judge "$index" "$status"
}

# TERM: the time limit is near, or the job has to make room. The run saves its state if it has the time. A job that Slurm or its
# owner has ended already has a few seconds: enough for an event.
told_to_end() {
    [[ -z $batch_told ]] || return 0
    local index left=0 margin shown now=$EPOCHSECONDS
    batch_told=TERM
    # First this, since Slurm may take long to answer.
    for index in "${!batch_running[@]}"; do
        ask_to_stop "$index"
    done
    shown=$(show_job "$SLURM_JOB_ID")
    batch_taken=$(who_took_job "$shown")
    [[ -n $batch_taken ]] || left=$(seconds_left "$shown" "$now")
    batch_told=$(why_told "$left" "$shown")
    for index in "${!batch_running[@]}"; do
        note_told "$index"
    done
    [[ -n $left ]] || return 0
    margin=$(stop_margin "$left")
    # Of that time, what has passed since the signal is over.
    left=$((left - margin - (EPOCHSECONDS - now)))
    end_runs_in $((left > 0 ? left : 0)) $((margin / 2)) &
    batch_clock=$!
}

# why_told LEFT SHOWN
why_told() {
    local why=TERM
    if [[ -n $batch_taken ]]; then
        echo "$batch_taken"
    else
        ! is_preempted "$2" || why="$PREEMPTED,"
        echo "$why${1:+ $1 s before the end of the job}"
    fi
}

# stop_margin LEFT: a grace time may be shorter than the margin, and most of it is the run's.
stop_margin() {
    if [[ $batch_told == "$PREEMPTED"* ]] && (($1 / 4 < STOP_MARGIN)); then echo $(($1 / 4)); else echo "$STOP_MARGIN"; fi
}

ask_to_stop() {
    : >"$batch_point/stop_$1"
}

# note_told INDEX: the event, wherever the script was when the signal came.
note_told() {
    local batch_events
    events_of "$1"
    if [[ -n $batch_taken ]]; then say_taken "$batch_taken"; else event signal "$batch_told"; fi
}

# end_runs_in SECONDS MORE: a clock beside this script, which waits for the runs and knows what is under way. MORE seconds later it is
# no longer asked.
end_runs_in() {
    trap - TERM
    sleep "$1"
    kill -USR1 $$
    sleep "$2"
    kill -USR2 $$
}

# end_runs SIGNAL
end_runs() {
    local index
    for index in "${!batch_running[@]}"; do
        ! kill -s "$1" "${batch_running[$index]}" 2>/dev/null || batch_ended[$index]=1
    done
}

# note_exit CODE: the worst one is the job's.
note_exit() {
    (($1 <= batch_exit)) || batch_exit=$1
}

end_job() {
    [[ -z $batch_clock ]] || kill "$batch_clock" 2>/dev/null
    ((${#batch_again[@]} == 0)) || requeue
    end_log
    leave "$batch_exit"
}

# leave CODE: ends the script; all that is to be said about its runs has been said.
leave() {
    batch_closed=1
    exit "$1"
}

# end_of_script CODE: where it ended by itself, such as for a module that is missing, the runs are told so.
end_of_script() {
    local code=$1 index
    [[ -z $batch_closed ]] || return 0
    ((code == 0 || code == EXIT_USAGE)) || code=$EXIT_ENVIRONMENT
    for index in "${batch_runs[@]}"; do
        if ((code > 0)) && ! is_finished "$index"; then
            events_of "$index"
            give_up "$index" "exit code $code: the script of the job failed: see $(job_field StdOut)"
        fi
    done
    exit "$code"
}

batch_node_names() {
    echo "${MLHPC_NODES:-$(join_nodes "${batch_nodes[@]}")}"
}

join_nodes() {
    local IFS=,
    echo "$*"
}
