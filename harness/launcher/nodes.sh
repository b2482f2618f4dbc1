# shellcheck shell=bash
# Nodes that are not to be used again. Lines of bad_nodes and suspect_nodes: node, reason, UTC time.

# What was wrong with a node is taken to be mended after so many days.
readonly BAD_NODE_DAYS=7

# node_called NAME: the node of the job, as Slurm calls it, that others know by this name; fails if there is none.
node_called() {
    local node
    for node in "${batch_nodes[@]}"; do
        [[ $node != "$1" ]] || { echo "$node" && return; }
    done
    for node in "${batch_nodes[@]}"; do
        [[ ${node%%.*} != "${1%%.*}" ]] || { echo "$node" && return; }
    done
    return 1
}

# node_of TEXT: the node of the job in "rank 1 on n2 ...".
node_of() {
    [[ $1 =~ " on "([^ ,:]+) ]] && node_called "${BASH_REMATCH[1]}"
}

# recent_nodes FILE: its entries that still count.
recent_nodes() {
    [[ -e $1 ]] || return 0
    awk -F '\t' -v least="$(date -u -d "-$BAD_NODE_DAYS days" +%Y-%m-%dT%H:%M:%SZ)" '$3 >= least' "$1"
}

is_listed() {
    recent_nodes "$2" | cut -f 1 | grep -qxF "$1"
}

# alone COMMAND...: jobs of one size change these files at the same time. A file system that cannot lock keeps nobody from it, nor does a
# job that does not let go.
alone() {
    (
        flock -w 10 9 2>/dev/null ||
            say "$batch_point/nodes.lock cannot be locked while the lists of nodes change: its file system does not lock, or another job is slow"
        "$@"
    ) 9>>"$batch_point/nodes.lock"
}

# append_node NODE REASON FILE: once in each.
append_node() {
    is_listed "$1" "$3" || TZ=UTC printf '%s\t%s\t%(%Y-%m-%dT%H:%M:%SZ)T\n' "$1" "$2" -1 >>"$3"
}

# mark_bad_node NODE REASON
mark_bad_node() {
    alone append_node "$1" "$2" "$batch_point/bad_nodes"
}

# suspect_node NODE REASON: a hang may be anybody's fault; the second one on the same node is the node's.
suspect_node() {
    # Whether it is the second one is asked under the lock: runs of one job hang at the same time.
    alone append_suspect "$1" "$2"
}

append_suspect() {
    local list=suspect_nodes
    ! is_listed "$1" "$batch_point/suspect_nodes" || list=bad_nodes
    append_node "$1" "$2" "$batch_point/$list"
}

# Faults are compared without their numbers.
without_numbers() {
    tr -d '0-9.'
}

# nodes_with_fault FAULT, one without numbers: how many nodes of earlier starts had it.
nodes_with_fault() {
    recent_nodes "$batch_point/bad_nodes" | cut -f 2 | without_numbers | grep -cxF "$1"
}

# acquit_nodes FAULT: takes back what was said of nodes when it has turned out that all nodes have this fault.
acquit_nodes() {
    alone remove_nodes "$1"
}

remove_nodes() {
    local file=$batch_point/bad_nodes line reason
    [[ -e $file ]] || return 0
    while IFS= read -r line; do
        reason=$(cut -f 2 <<<"$line" | without_numbers)
        [[ $reason == "$1" ]] || printf '%s\n' "$line"
    done <"$file" >"$file.$SLURM_JOB_ID"
    mv "$file.$SLURM_JOB_ID" "$file"
}

# Bad nodes and those that the user has excluded; nothing if the partition has not enough others.
bad_nodes_to_exclude() {
    local bad excluded others
    bad=$(recent_nodes "$batch_point/bad_nodes" | cut -f 1)
    [[ -n $bad ]] || return 0
    excluded=$({ echo "$bad" && ask scontrol show hostnames "$(job_field ExcNodeList | grep -v null)" 2>/dev/null; } | sort -u)
    others=$(ask sinfo -h -N -p "${SLURM_JOB_PARTITION-}" -o %N 2>/dev/null | sort -u | grep -cvxFf <(echo "$excluded"))
    ((others >= ${SLURM_JOB_NUM_NODES:-1})) || return 0
    paste -sd, <<<"$excluded"
}
