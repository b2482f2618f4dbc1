# shellcheck shell=bash
# What Slurm says of this job, of others and of nodes.

readonly PREEMPTED="preempted by a job of higher priority"

# Sites and users set how Slurm's programs answer; what follows reads their usual answers.
read_slurm_plainly() {
    unset "${!SQUEUE_@}" "${!SINFO_@}"
    export SLURM_TIME_FORMAT=standard
}

# ask COMMAND...: of Slurm, whose controller may be too busy to answer.
ask() {
    timeout 10 "$@"
}

# The job as scontrol wants it. The bare number of an array's last task would mean the whole array.
slurm_name() {
    if [[ -n ${SLURM_ARRAY_JOB_ID-} ]]; then
        echo "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    else
        echo "$SLURM_JOB_ID"
    fi
}

# show_job JOB: a line; nothing if there is no answer.
show_job() {
    ask scontrol --oneliner show job "$1" 2>/dev/null | head -n 1
}

# field_of NAME: of the line of show_job on standard input.
field_of() {
    sed -n "s/.* $1=\([^ ]*\).*/\1/p"
}

# job_field NAME [JOB]: as scontrol show job has it; of this job by default.
job_field() {
    show_job "${2:-$SLURM_JOB_ID}" | field_of "$1"
}

# is_at_work JOB: whether anything of it is left on its nodes.
is_at_work() {
    [[ $(job_field JobState "$1") =~ ^(RUNNING|COMPLETING|SIGNALING|STOPPED|SUSPENDED)$ ]]
}

# seconds_of TIME: since 1970; fails if it is none.
seconds_of() {
    # Of no text date would make midnight.
    date -d "${1:-nothing}" +%s 2>/dev/null
}

# What follows takes this job as show_job has shown it, since asking again takes time; without that it asks.

# seconds_left [SHOWN [SINCE]]: from SINCE, in seconds since 1970, or now until Slurm ends the job; nothing if it never does, a minute if
# it does not say.
seconds_left() {
    local shown=${1-$(show_job "$SLURM_JOB_ID")} since=${2-$EPOCHSECONDS} field end
    field=$(field_of EndTime <<<"$shown")
    [[ $field != Unknown ]] || return 0
    end=$(seconds_of "$field") || end=$((since + 60))
    echo $((end > since ? end - since : 0))
}

# is_preempted [SHOWN]: whether Slurm is clearing the nodes for others. Then it has told the ranks to end, but often not this script.
is_preempted() {
    local shown=${1-$(show_job "$SLURM_JOB_ID")}
    [[ $(field_of PreemptTime <<<"$shown") == [0-9]* ]]
}

# who_took_job [SHOWN]: prints nothing while the job is ours. To requeue one that its owner has cancelled would revive it; one that has
# gone back to the queue by itself is there already, and shows it by its number of restarts.
who_took_job() {
    local shown=${1-$(show_job "$SLURM_JOB_ID")} state restarts
    state=$(field_of JobState <<<"$shown")
    # Slurm calls a job that it has ended COMPLETING as long as something of it is left.
    [[ ! $state =~ ^(|RUNNING|CONFIGURING|SIGNALING|SUSPENDED|STOPPED|RESIZING)$ ]] || return 0
    restarts=$(field_of Restarts <<<"$shown")
    if ((${restarts:-0} > ${SLURM_RESTART_COUNT:-0})); then
        by_slurm "$(join_nodes "${batch_nodes[@]}")" "$batch_began"
    else
        echo cancelled
    fi
}

# by_slurm NODES SINCE: why Slurm may have put a job on these nodes back, which was started there at SINCE, in words.
by_slurm() {
    local lost
    lost=$(lost_nodes "$@" | paste -sd, | sed 's/,/, /g')
    if [[ -n $lost ]]; then echo "by Slurm: $lost"; else echo "by Slurm (preemption) or by hand (scontrol requeue)"; fi
}

# lost_nodes NODES SINCE: a line for each of the nodes that has failed since then, in seconds since 1970. One that is back shows it by the
# time at which its daemon was started; the words are the same, as they do not depend on when one asks.
lost_nodes() {
    local line node state began reason
    while IFS= read -r line; do
        [[ $line =~ ^NodeName=([^ ]+) ]] || continue
        node=${BASH_REMATCH[1]}
        state=$(field_of State <<<"$line")
        began=$(field_of SlurmdStartTime <<<"$line")
        began=$(seconds_of "$began") || began=0
        if [[ $state =~ DOWN|FAIL|NOT_RESPONDING|[*] ]] || ((began > $2)); then
            reason=$(sed -n 's/.* Reason=\(.*\) \[.*/ (\1)/p' <<<"$line")
            echo "node $node failed${reason/ (Not responding)/}"
        fi
    done < <(ask scontrol --oneliner show node "$1" 2>/dev/null)
}
