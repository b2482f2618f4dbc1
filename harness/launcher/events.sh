# shellcheck shell=bash
# Events of a run, a line each: UTC time, job, restart, kind, text. And what follows from those of earlier starts.

batch_events=''

# events_of INDEX: further events are those of this run.
events_of() {
    batch_events=$batch_point/events_$1.tsv
}

# event KIND TEXT: appended with one write, so that lines of several processes do not mix.
event() {
    local text=${2//[$'\t\r\n']/ }
    TZ=UTC printf '%(%Y-%m-%dT%H:%M:%SZ)T\t%s\t%s\t%s\t%s\n' -1 "$batch_job" "${SLURM_RESTART_COUNT:-0}" "$1" "${text:0:1000}" \
        >>"$batch_events" || say "cannot write to $batch_events"
    say "$1: $text"
}

# count_events KIND: those since the run was given up last; whoever submits it again starts afresh.
count_events() {
    [[ -e $batch_events ]] || { echo 0 && return; }
    awk -F '\t' -v kinds=" $* " '$4 == "failed" || $4 == "oom" { n = 0 } index(kinds, " " $4 " ") { n++ } END { print n + 0 }' \
        "$batch_events"
}

# Slurm starts a job again by itself when a node fails; on the first node nothing of ours had the time to say so.
explain_restart() {
    local last nodes
    ((${SLURM_RESTART_COUNT:-0} > 0)) && [[ -e $batch_events ]] || return 0
    IFS=$'\t' read -r last nodes < <(awk -F '\t' '{ last = $4 } $4 == "started" { nodes = $5 } END { print last "\t" nodes }' "$batch_events")
    case $last in
    started | signal | stopped) event requeued "$(by_slurm "$nodes")" ;;
    esac
}

# The newest checkpoint of a run, with its size and time; nothing before the first.
newest_checkpoint() {
    find "$batch_point/checkpoints_$1" -type f ! -name '*.tmp' ! -name '*.part' -printf '%T@ %s %f\n' 2>/dev/null | sort -n | tail -n 1
}

# remember_progress INDEX: keeps how many starts in a row, this one included, found the same checkpoint.
remember_progress() {
    local file=$batch_point/progress_$1 starts=0 checkpoint='' now
    now=$(newest_checkpoint "$1")
    [[ ! -r $file ]] || read -r starts checkpoint <"$file"
    [[ $checkpoint == "$now" ]] || starts=0
    echo "$((starts + 1)) $now" >"$file.new" && mv "$file.new" "$file"
}

# stands_still INDEX: whether so many starts have brought nothing that the next one would not either.
stands_still() {
    local starts checkpoint
    read -r starts checkpoint <"$batch_point/progress_$1" || return 1
    ((starts >= STARTS_WITHOUT_PROGRESS)) && [[ $checkpoint == "$(newest_checkpoint "$1")" ]]
}
