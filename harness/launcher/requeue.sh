# shellcheck shell=bash
# Back to the queue.

# for_all COMMAND...: for each run that is to go on.
for_all() {
    local index
    for index in "${batch_again[@]}"; do
        events_of "$index"
        "$@"
    done
}

# give_all_up WHY
give_all_up() {
    local index
    for index in "${batch_again[@]}"; do
        events_of "$index"
        give_up "$index" "$1"
    done
}

# say_taken WHO: what who_took_job says.
say_taken() {
    if [[ $1 == cancelled ]]; then event failed "the job was cancelled"; else event requeued "$1"; fi
}

# Puts the job back into the queue because of the runs in batch_again; does not return.
requeue() {
    local taken
    # Slurm ends what is left of a job that it has put back; what follows is still to be done.
    trap '' TERM
    taken=$(who_took_job)
    if [[ -n $taken ]]; then
        for_all say_taken "$taken"
        leave "$EXIT_ENVIRONMENT"
    fi
    # First the event, since Slurm may not leave the time for it.
    for_all event requeued "$batch_why"
    end_log
    put_back
    leave "$EXIT_ENVIRONMENT"
}

# Asks until Slurm has done it: a controller that is too busy to answer may have done it nevertheless.
put_back() {
    local error taken='' pause=1 left
    left=$(seconds_left)
    local end=$((SECONDS + ${left:-300} - 5))
    until error=$(ask scontrol requeue "$batch_job" 2>&1); do
        say "scontrol requeue: $error"
        # Its words for --no-requeue and JobRequeue=0, and for users who may not.
        if [[ ${error,,} =~ disabled|denied|"not permitted"|"cannot be requeued" ]]; then
            resubmit
            return
        fi
        taken=$(who_took_job)
        [[ -z $taken ]] || break
        if ((SECONDS + pause >= end)); then
            give_all_up "could not be put back into the queue before the job's end: $error"
            return
        fi
        sleep "$pause"
        pause=$((pause < 16 ? pause * 2 : pause))
    done
    if [[ $taken == cancelled ]]; then for_all say_taken cancelled; else leave_bad_nodes_out; fi
}

# Where requeueing is not allowed, the same script goes to the queue as a new job.
resubmit() {
    local options=(--parsable --begin=now) id nodes
    nodes=$(bad_nodes_to_exclude)
    [[ -z ${SLURM_ARRAY_TASK_ID-} ]] || options+=(--array="$SLURM_ARRAY_TASK_ID")
    if { [[ -n $nodes ]] && id=$(submit_anew "${options[@]}" --exclude="$nodes"); } || id=$(submit_anew "${options[@]}"); then
        id=${id%%;*}
        for_all event resubmitted "$id"
        let_others_wait_for "$id"
    else
        give_all_up "could be put into the queue neither again nor anew: $id"
    fi
}

# The new job is no restart.
submit_anew() {
    env -u MLHPC_NODES -u MLHPC_CAUSE -u SLURM_RESTART_COUNT sbatch "$@" "$0" 2>&1
}

# let_others_wait_for ID: what waits in the queue for this job, such as the collection of results, waits for that one too.
let_others_wait_for() {
    local job dependency own=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID} error
    while read -r job dependency; do
        [[ $dependency =~ :${own}([^0-9]|$) ]] || continue
        dependency=${dependency//(unfulfilled)/}
        dependency=${dependency//_\*/}
        error=$(ask scontrol update JobId="$job" Dependency="$dependency,${dependency%%:*}:$1" 2>&1) ||
            say "job $job does not wait for job $1: $error"
    done < <(ask squeue --me --noheader --states=PENDING --format='%i %E' 2>/dev/null)
}

# leave_bad_nodes_out: of the job that waits now. Its owner may change that.
leave_bad_nodes_out() {
    local nodes error
    nodes=$(bad_nodes_to_exclude)
    [[ -n $nodes ]] || return 0
    error=$(ask scontrol update JobId="$batch_job" ExcNodeList="$nodes" 2>&1) ||
        say "the job may get the broken nodes $nodes again: $error"
}
