# shellcheck shell=bash
# Back to the queue: whether, how, and without which nodes.

# The job as scontrol wants it. The bare number of an array's last task would mean the whole array.
slurm_name() {
    if [[ -n ${SLURM_ARRAY_JOB_ID-} ]]; then
        echo "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    else
        echo "$SLURM_JOB_ID"
    fi
}

# job_field NAME: as scontrol show job has it.
job_field() {
    scontrol --oneliner show job "$SLURM_JOB_ID" 2>/dev/null | sed -n "s/.* $1=\([^ ]*\).*/\1/p" | head -n 1
}

# Seconds until Slurm ends the job; a minute if it does not say.
seconds_left() {
    local end now
    now=$(date +%s)
    end=$(date -d "$(job_field EndTime)" +%s 2>/dev/null) || end=$((now + 60))
    echo $((end > now ? end - now : 0))
}

# go_on INDEX WHY: the job is to start again for this run, unless that has led to nothing before.
go_on() {
    if stands_still "$1"; then
        event failed "no new checkpoint in $STARTS_WITHOUT_PROGRESS starts: ask for more --time"
        note_exit "$EXIT_ENVIRONMENT"
    elif ((${SLURM_RESTART_COUNT:-0} + $(count_events resubmitted) >= MOST_RESTARTS)); then
        event failed "started again $MOST_RESTARTS times already: ask for more --time, or set MLHPC_MOST_RESTARTS"
        note_exit "$EXIT_ENVIRONMENT"
    else
        batch_again+=("$1")
        batch_why=$2
    fi
}

# retry INDEX WHY: after a killed rank or a hang.
retry() {
    local tried hint=''
    tried=$(count_events killed hang)
    if ((tried > RETRIES)); then
        # Where Slurm does not limit the memory, the kernel kills without a word to anybody.
        [[ $2 != *"by signal 9 "* ]] || hint="; if nobody did, ask for more --mem"
        event failed "$tried times a rank was killed or hung; the last: $2$hint"
        note_exit "$EXIT_ENVIRONMENT"
    else
        go_on "$1" "retry $tried of $RETRIES"
    fi
}

# for_all COMMAND...: for each run that is to go on.
for_all() {
    local index
    for index in "${batch_again[@]}"; do
        events_of "$index"
        "$@"
    done
}

# say_taken WHO: what who_took_job says.
say_taken() {
    if [[ $1 == cancelled ]]; then event failed "the job was cancelled"; else event requeued "$1"; fi
}

# Puts the job back into the queue because of the runs in batch_again; does not return.
requeue() {
    local error taken
    # Slurm ends what is left of a job that it has put back; what follows is still to be done.
    trap '' TERM
    taken=$(who_took_job)
    if [[ -n $taken ]]; then
        for_all say_taken "$taken"
        exit "$EXIT_ENVIRONMENT"
    fi
    # First the event, since Slurm may not leave the time for it.
    for_all event requeued "$batch_why"
    end_log
    if error=$(scontrol requeue "$batch_job" 2>&1); then
        leave_bad_nodes_out
    else
        say "scontrol requeue: $error"
        resubmit
    fi
    exit "$EXIT_ENVIRONMENT"
}

# Prints nothing while the job is ours. To requeue one that its owner has cancelled would revive it; one that has gone back to the
# queue by itself is there already, and shows it by its number of restarts.
who_took_job() {
    local state restarts
    state=$(job_field JobState)
    # Slurm calls a job that it has ended COMPLETING as long as something of it is left.
    [[ ! $state =~ ^(|RUNNING|CONFIGURING|SIGNALING|SUSPENDED|STOPPED|RESIZING)$ ]] || return 0
    restarts=$(job_field Restarts)
    if ((${restarts:-0} > ${SLURM_RESTART_COUNT:-0})); then
        by_slurm "$(join_nodes "${batch_nodes[@]}")"
    else
        echo cancelled
    fi
}

# by_slurm NODES: why Slurm may have put a job on these nodes back, in words.
by_slurm() {
    local down
    down=$(sinfo -h -N -n "$1" -t down,drain,fail,no_respond -o '%N is %T (%E)' 2>/dev/null | sort -u | paste -sd, | sed 's/,/, /g')
    if [[ -n $down ]]; then echo "by Slurm: $down"; else echo "by Slurm (preemption) or by hand (scontrol requeue)"; fi
}

# Where requeueing is not allowed, the same script goes to the queue as a new job.
resubmit() {
    local options=(--parsable) id nodes
    nodes=$(bad_nodes_to_exclude)
    [[ -z ${SLURM_ARRAY_TASK_ID-} ]] || options+=(--array="$SLURM_ARRAY_TASK_ID")
    [[ -z $nodes ]] || options+=(--exclude="$nodes")
    if id=$(env -u MLHPC_NODES -u MLHPC_CAUSE sbatch "${options[@]}" "$0" 2>&1); then
        for_all event resubmitted "${id%%;*}"
    else
        for_all event failed "could be put into the queue neither again nor anew: $id"
    fi
}

# leave_bad_nodes_out: of the job that waits now. Its owner may change that.
leave_bad_nodes_out() {
    local nodes error
    nodes=$(bad_nodes_to_exclude)
    [[ -n $nodes ]] || return 0
    error=$(scontrol update JobId="$batch_job" ExcNodeList="$nodes" 2>&1) ||
        say "the job may get the broken nodes $nodes again: $error"
}

# Bad nodes and those that the user has excluded; nothing if the partition has not enough others.
bad_nodes_to_exclude() {
    local file=$batch_point/bad_nodes excluded others
    [[ -s $file ]] || return 0
    excluded=$({ cut -f 1 "$file" && scontrol show hostnames "$(job_field ExcNodeList | grep -v null)" 2>/dev/null; } | sort -u)
    others=$(sinfo -h -N -p "${SLURM_JOB_PARTITION-}" -o %N 2>/dev/null | sort -u | grep -cvxFf <(echo "$excluded"))
    ((others >= ${SLURM_JOB_NUM_NODES:-1})) || return 0
    paste -sd, <<<"$excluded"
}

# mark_bad_node NODE REASON
mark_bad_node() {
    [[ -n $1 ]] || return 0
    grep -q "^$1"$'\t' "$batch_point/bad_nodes" 2>/dev/null || printf '%s\t%s\n' "$1" "$2" >>"$batch_point/bad_nodes"
}

# out_of_memory TEXT: whether the kernel killed that rank because the job's memory was used up.
out_of_memory() {
    local node
    [[ $1 == *"by signal 9 "* ]] && node=$(node_of "$1") || return 1
    timeout 30 srun --overlap --mem=0 --nodes=1 --ntasks=1 --nodelist="$node" "$home/harness/launcher/node.sh" oom >/dev/null 2>&1
}

# explain_oom TEXT: what a user can do about it.
explain_oom() {
    local memory="memory of the node"
    if [[ ${SLURM_MEM_PER_NODE:-0} != 0 ]]; then
        memory="job's memory ($((SLURM_MEM_PER_NODE / 1024)) GiB a node)"
    elif [[ ${SLURM_MEM_PER_CPU:-0} != 0 ]]; then
        memory="job's memory ($SLURM_MEM_PER_CPU MiB a processor)"
    fi
    echo "$1, since the $memory was used up: ask for more --mem, fewer ranks per node, or a smaller batch"
}
