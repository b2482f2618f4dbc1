# shellcheck shell=bash
# Looks at each node of a job before the run starts there, and leaves broken ones out.

# How often a job goes back to the queue because of broken nodes.
readonly MOST_PREFLIGHTS=5
# A node that says nothing for so many seconds is taken for broken.
readonly ANSWER_SECONDS=${MLHPC_PREFLIGHT_SECONDS:-60}

# What each node said: what is wrong with it, what it was looking at last, active ports of the fabric; and whether it is through.
declare -A preflight_bad=() preflight_doing=() preflight_ports=() preflight_ready=()
preflight_token='' preflight_clock=2 preflight_needed=0

# batch_preflight [--needs-memory BYTES] [--node-local DIR --needs-space BYTES] [--reads PATH]... [--fabric infiniband|slingshot]
#     [--clock-seconds S] [--nodes-needed N]
# With more nodes than N the run gets N good ones (MLHPC_NODES); without, the job goes back to the queue and excludes the bad ones.
batch_preflight() {
    local options=()
    preflight_needed=${#batch_nodes[@]}
    while (($# > 0)); do
        (($# > 1)) || fail "$EXIT_USAGE" "batch_preflight: $1 needs a value"
        case $1 in
        --clock-seconds) preflight_clock=$2 ;;
        --nodes-needed) preflight_needed=$2 ;;
        --needs-memory | --node-local | --needs-space | --reads | --fabric) options+=("$1" "$2") ;;
        *) fail "$EXIT_USAGE" "batch_preflight: unknown option $1" ;;
        esac
        shift 2
    done
    write_token
    ask_nodes "${options[@]}"
    judge_ports
    judge_silence
    rm -f "$batch_point/token_$SLURM_JOB_ID"
    report_nodes
    choose_nodes
}

# A file of random content shows that all nodes see the same folder.
write_token() {
    preflight_token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    echo "$preflight_token" >"$batch_point/token_$SLURM_JOB_ID" ||
        fail "$EXIT_ENVIRONMENT" "cannot write to $batch_point"
}

# ask_nodes OPTION...: one task a node. Each says that it is ready and then answers a line with its time, so that the comparison of
# clocks has the time of a message in it and not that of a start.
ask_nodes() {
    local count=${#batch_nodes[@]} deadline=$((SECONDS + ANSWER_SECONDS)) work answers line sent=0 to
    { work=$(mktemp -d) && mkfifo "$work/go"; } || fail "$EXIT_ENVIRONMENT" "cannot create a folder in ${TMPDIR:-/tmp}"
    exec {to}<>"$work/go"
    exec {answers}< <(node_check "${batch_nodes[*]}" "$@" <"$work/go" 2>&1)
    # srun is ended later: what tasks say when they are killed is not meant.
    while ((deadline > SECONDS)) && IFS= read -r -t $((deadline - SECONDS)) -u "$answers" line; do
        hear "$line" "$sent"
        if ((sent == 0 && ${#preflight_ready[@]} == count)); then
            sent=$(microseconds)
            echo go >&"$to"
        fi
    done
    exec {answers}<&- {to}>&-
    rm -rf "$work"
    ask_silent_nodes "$@"
}

# A node that cannot start a task keeps Slurm from starting any: those that said nothing are asked one by one, at the same time.
ask_silent_nodes() {
    local node line
    while IFS= read -r line; do
        hear "$line" 0
    done < <(
        for node in "${batch_nodes[@]}"; do
            [[ -n ${preflight_doing[$node]-} ]] || node_check "$node" "$@" </dev/null 2>&1 &
        done
        wait
    )
}

# node_check NODES OPTION...
node_check() {
    local nodes
    read -ra nodes <<<"$1"
    shift
    timeout -k 5 $((ANSWER_SECONDS + 3)) srun --overlap --mem=0 --nodes=${#nodes[@]} --ntasks=${#nodes[@]} --ntasks-per-node=1 \
        --cpus-per-task=1 --nodelist="$(join_nodes "${nodes[@]}")" --unbuffered "$home/harness/launcher/node.sh" check \
        --token "$batch_point/token_$SLURM_JOB_ID=$preflight_token" "$@"
}

microseconds() {
    echo $(($(date +%s%N) / 1000))
}

# hear LINE SENT: one message of a node, or what srun says; SENT is when the nodes were asked for their time.
hear() {
    local node kind text
    IFS=$'\t' read -r node kind text <<<"$1"
    case $kind in
    doing) preflight_doing[$node]=$text ;;
    bad) add_reason "$node" "$text" ;;
    note) say "preflight: $node: $text" ;;
    ports) preflight_ports[$node]=$text ;;
    ready) preflight_ready[$node]=1 ;;
    time) judge_clock "$node" "$2" "$text" "$(microseconds)" ;;
    *) hear_srun "$1" ;;
    esac
}

# srun names the node that it cannot reach; the rest of what it says is for the job's output.
hear_srun() {
    local node reason
    if [[ $1 =~ "srun: error: ".*[[:space:]]node\ ([^ :]+):\ (.*) ]]; then
        node=${BASH_REMATCH[1]} reason=${BASH_REMATCH[2]}
    fi
    if [[ -n ${node-} ]] && node=$(node_called "$node"); then
        add_reason "$node" "$reason"
    else
        say "preflight: $1"
    fi
}

# add_reason NODE TEXT
add_reason() {
    [[ "; ${preflight_bad[$1]-}; " == *"; $2; "* ]] || preflight_bad[$1]="${preflight_bad[$1]:+${preflight_bad[$1]}; }$2"
}

# judge_clock NODE ASKED TOLD HEARD, in microseconds: its clock is ahead of ours by between TOLD - HEARD and TOLD - ASKED.
judge_clock() {
    local least=$(($3 - $4)) most=$(($3 - $2)) allowed=$((preflight_clock * 1000000))
    if ((least > allowed)); then
        add_reason "$1" "its clock is at least $((least / 1000)) ms ahead, and $((preflight_clock * 1000)) are allowed: ask for time synchronization"
    elif ((most < -allowed)); then
        add_reason "$1" "its clock is at least $((-most / 1000)) ms behind, and $((preflight_clock * 1000)) are allowed: ask for time synchronization"
    else
        say "preflight: $1: clock within $(((-least > most ? -least : most) / 1000)) ms"
    fi
}

# A node with fewer active ports than another has lost one.
judge_ports() {
    local node most=0
    for node in "${!preflight_ports[@]}"; do
        ((preflight_ports[$node] <= most)) || most=${preflight_ports[$node]}
    done
    for node in "${!preflight_ports[@]}"; do
        ((preflight_ports[$node] == most)) ||
            add_reason "$node" "${preflight_ports[$node]} ports of the fabric are active, and $most on other nodes"
    done
}

judge_silence() {
    local node
    for node in "${batch_nodes[@]}"; do
        if [[ -z ${preflight_ready[$node]-} && -z ${preflight_bad[$node]-} ]]; then
            add_reason "$node" "no answer in $ANSWER_SECONDS s${preflight_doing[$node]:+ when ${preflight_doing[$node]}}"
        fi
    done
}

report_nodes() {
    local node
    for node in "${batch_nodes[@]}"; do
        if [[ -n ${preflight_bad[$node]-} ]]; then
            tell_all_runs event preflight "$node: ${preflight_bad[$node]}"
        else
            say "preflight: $node: good"
        fi
    done
}

# tell_all_runs COMMAND...: with the events of each run of the job that is to start.
tell_all_runs() {
    local index
    for index in "${batch_runs[@]}"; do
        if ! is_finished "$index"; then
            events_of "$index"
            "$@"
        fi
    done
}

# end_all_runs WHY
end_all_runs() {
    local index
    for index in "${batch_runs[@]}"; do
        if ! is_finished "$index"; then
            events_of "$index"
            give_up "$index" "exit code $EXIT_ENVIRONMENT: $1"
        fi
    done
    leave "$EXIT_ENVIRONMENT"
}

# Goes on with the good nodes, or does not return.
choose_nodes() {
    local node good=()
    for node in "${batch_nodes[@]}"; do
        [[ -n ${preflight_bad[$node]-} ]] || good+=("$node")
    done
    if ((${#good[@]} == 0)) && is_everywhere; then
        acquit_nodes "$(preflight_faults)"
        end_all_runs "on every node: ${preflight_bad[${batch_nodes[0]}]}"
    fi
    mark_all_bad
    ((${#good[@]} >= preflight_needed)) || do_without_bad_nodes "${#good[@]}"
    batch_nodes=("${good[@]:0:preflight_needed}")
    MLHPC_NODES=$(join_nodes "${batch_nodes[@]}")
    export MLHPC_NODES
}

# The different faults of the nodes, without numbers.
preflight_faults() {
    printf '%s\n' "${preflight_bad[@]}" | without_numbers | sort -u
}

# Whether all nodes have the same fault, and those of an earlier start had it: then it is the fault of what was asked.
is_everywhere() {
    local faults
    faults=$(preflight_faults)
    [[ $faults != *$'\n'* ]] && ((${#preflight_bad[@]} + $(nodes_with_fault "$faults") > 1))
}

# do_without_bad_nodes GOOD: the job goes back to the queue and gets others.
do_without_bad_nodes() {
    local why="$1 of ${#batch_nodes[@]} nodes are good, and $preflight_needed needed" tried
    events_of "${batch_runs[0]}"
    tried=$(count_events requeued " nodes are good, and ")
    ((tried < MOST_PREFLIGHTS)) || end_all_runs "after $tried tries $why; $batch_point/bad_nodes has the reasons"
    mapfile -t batch_again < <(unfinished_runs)
    batch_why=$why
    requeue
}

unfinished_runs() {
    local index
    for index in "${batch_runs[@]}"; do
        is_finished "$index" || echo "$index"
    done
}

mark_all_bad() {
    local node
    for node in "${!preflight_bad[@]}"; do
        mark_bad_node "$node" "${preflight_bad[$node]}"
    done
}
