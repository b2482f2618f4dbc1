# shellcheck shell=bash
# How runs ended, and what follows from it.

# judge INDEX STATUS: one event that says how a run ended; adds to batch_again or sets batch_exit. Why it ended is in the file that
# MLHPC_CAUSE named to it: the run writes "stopped" there once its state is saved, others write what killed it.
judge() {
    local index=$1 status=$2 kind='' text='' cause
    events_of "$index"
    rm -f "$(owner_file "$index")"
    cause=$(cause_file "$index")
    [[ ! -s $cause ]] || IFS=$'\t' read -r kind text <"$cause"
    rm -f "$cause"
    if is_finished "$index"; then
        note_finished "$index" "$status"
    elif [[ -n $batch_taken ]]; then
        note_exit "$EXIT_ENVIRONMENT"
    elif [[ $kind == stopped ]]; then
        note_stopped "$index" "$text"
    elif [[ -n ${batch_ended[$index]-} || $text == *"by signal 15 "* ]] || { [[ $kind == killed ]] && is_preempted; }; then
        event stopped "ended without saving its state; goes on from its last checkpoint"
        go_on "$index" "${batch_told:-$(why_ranks_were_told)}"
    elif [[ -n $kind ]]; then
        judge_death "$index" "$kind" "$text"
    else
        # Whatever its code: srun ends with 0 when it could not launch a single rank.
        ((status == EXIT_USAGE)) || status=$EXIT_ENVIRONMENT
        give_up "$index" "exit code $status: $(last_message "$index")"
        note_exit "$status"
    fi
}

# Without a word to this script.
why_ranks_were_told() {
    if is_preempted; then echo "$PREEMPTED"; else echo "its ranks were told to end"; fi
}

# note_finished INDEX STATUS: a run that is complete stays so, whatever happened to its processes after that.
note_finished() {
    local status=$2
    ((status <= 1)) || status=$(finished_code "$1")
    event finished "$( ((status == 0)) && echo "target reached" || echo "target missed")"
    note_exit "$status"
}

# note_stopped INDEX WHERE: because the job was told to end, or because somebody created the file.
note_stopped() {
    event stopped "state saved${2:+: $2}"
    if [[ -n $batch_told ]]; then
        go_on "$1" "$batch_told"
    else
        say "run $1 has stopped, as a file stop_$1 asked; submit the job again to go on"
        note_exit "$EXIT_ENVIRONMENT"
    fi
}

# judge_death INDEX KIND TEXT
judge_death() {
    local memory=''
    [[ $2 != killed ]] || memory=$(memory_used_up "$3")
    if [[ $2 == oom || $memory == killed ]]; then
        event oom "$(explain_oom "$3")"
        forget_counts "$1"
        note_exit "$EXIT_ENVIRONMENT"
        return
    fi
    event "$2" "$3"
    if [[ $2 == hang ]]; then
        suspect_hang "$3"
    fi
    if [[ $memory == limit ]]; then
        retry "$1" "$3" $((RETRIES < 1 ? RETRIES : 1)) "; its memory was at the limit: ask for more --mem"
    elif [[ $3 == *"by signal 9 "* ]]; then
        # Where Slurm does not limit the memory, the kernel kills without a word to anybody.
        retry "$1" "$3" "$RETRIES" "; if nobody did, ask for more --mem"
    else
        retry "$1" "$3" "$RETRIES" ''
    fi
}

suspect_hang() {
    local node
    ! node=$(node_of "$1") || suspect_node "$node" "$1"
}

# give_up INDEX WHY: whoever submits the run again starts afresh.
give_up() {
    event failed "$2"
    forget_counts "$1"
}

forget_counts() {
    rm -f "$batch_point/progress_$1" "$batch_point/retries_$1"
}

last_message() {
    local log=$batch_point/log_$1.txt message
    message=$(grep '^mlhpc: ' "$log" 2>/dev/null | tail -n 1)
    [[ -n $message ]] || message=$(grep -v '^[[:space:]]*$' "$log" 2>/dev/null | tail -n 1)
    echo "${message:-no message; see $log}"
}

# The newest checkpoint of a run, with its size and time; nothing before the first.
newest_checkpoint() {
    find "$batch_point/checkpoints_$1" -type f ! -name '*.tmp' ! -name '*.part' -printf '%T@ %s %f\n' 2>/dev/null | sort -n | tail -n 1
}

# count_in_vain NAME INDEX FIRST: one more of what is counted in NAME_<i>; prints how many there were without a new checkpoint
# between them. After one the count begins with FIRST.
count_in_vain() {
    local file=$batch_point/$1_$2 count=0 checkpoint='' now
    now=$(newest_checkpoint "$2")
    [[ ! -r $file ]] || read -r count checkpoint <"$file"
    if [[ $checkpoint == "$now" ]]; then count=$((count + 1)); else count=$3; fi
    echo "$count $now" >"$file.new" && mv "$file.new" "$file"
    echo "$count"
}

# go_on INDEX WHY: the job is to start again for this run, which was told to end, unless that has led to nothing before.
go_on() {
    if (($(count_in_vain progress "$1" 0) >= STARTS_WITHOUT_PROGRESS)); then
        give_up "$1" "no new checkpoint in $STARTS_WITHOUT_PROGRESS starts: ask for more --time"
        note_exit "$EXIT_ENVIRONMENT"
    else
        start_again "$1" "$2"
    fi
}

# retry INDEX WHY MOST HINT: after a killed rank or a hang, MOST times.
retry() {
    local tried
    tried=$(count_in_vain retries "$1" 1)
    if ((tried > $3)); then
        give_up "$1" "$tried times a rank was killed or hung; the last: $2$4"
        note_exit "$EXIT_ENVIRONMENT"
    else
        start_again "$1" "retry $tried of $3"
    fi
}

# start_again INDEX WHY
start_again() {
    if ((${SLURM_RESTART_COUNT:-0} + $(count_events resubmitted) >= MOST_RESTARTS)); then
        give_up "$1" "started again $MOST_RESTARTS times already: ask for more --time, or set MLHPC_MOST_RESTARTS"
        note_exit "$EXIT_ENVIRONMENT"
    else
        batch_again+=("$1")
        batch_why=$2
    fi
}

# memory_used_up TEXT: what the control groups of the job say on the node of that rank: killed, limit, or nothing.
memory_used_up() {
    local node
    [[ $1 == *"by signal 9 "* ]] && node=$(node_of "$1") || return 0
    timeout 30 srun --overlap --mem=0 --nodes=1 --ntasks=1 --nodelist="$node" "$home/harness/launcher/node.sh" oom 2>/dev/null
}

# mebibytes NUMBER: in words.
mebibytes() {
    if (($1 >= 1024 && $1 % 1024 == 0)); then echo "$(($1 / 1024)) GiB"; else echo "$1 MiB"; fi
}

# explain_oom TEXT: what a user can do about it.
explain_oom() {
    local memory="memory of the node"
    if [[ ${SLURM_MEM_PER_NODE:-0} != 0 ]]; then
        memory="job's memory ($(mebibytes "$SLURM_MEM_PER_NODE") a node)"
    elif [[ ${SLURM_MEM_PER_CPU:-0} != 0 ]]; then
        memory="job's memory ($(mebibytes "$SLURM_MEM_PER_CPU") a processor)"
    fi
    echo "$1, since the $memory was used up: ask for more --mem, fewer ranks per node, or a smaller batch"
}
