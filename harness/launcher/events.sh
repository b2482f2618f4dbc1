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

# count_events KIND [WORDS]: those that hold the words, since the run was given up last; whoever submits it again starts afresh.
count_events() {
    [[ -e $batch_events ]] || { echo 0 && return; }
    awk -F '\t' -v kind="$1" -v words="${2-}" '$4 == "failed" || $4 == "oom" { n = 0 }
        $4 == kind && index($5, words) { n++ } END { print n + 0 }' "$batch_events"
}

# Whether the run was given up in this very job and not started since.
is_given_up() {
    [[ -e $batch_events ]] || return
    awk -F '\t' -v job="$batch_job" '$4 == "started" { given_up = 0 }
        ($4 == "failed" || $4 == "oom") && $2 == job { given_up = 1 } END { exit !given_up }' "$batch_events"
}

# Slurm starts a job again by itself when a node fails; on the first node nothing of ours had the time to say so.
explain_restart() {
    local last since nodes
    ((${SLURM_RESTART_COUNT:-0} > 0)) && [[ -e $batch_events ]] || return 0
    IFS=$'\t' read -r last since nodes < <(awk -F '\t' -v job="$batch_job" '$2 == job { last = $4 }
        $4 == "started" { since = $1; nodes = $5 } END { print last "\t" since "\t" nodes }' "$batch_events")
    case $last in
    started | signal | stopped) event requeued "$(by_slurm "$nodes" "$(seconds_of "$since")")" ;;
    esac
}
