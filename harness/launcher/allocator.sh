# shellcheck shell=bash
# Chooses the memory allocator of the Java processes: with glibc's, libtorch spends most of its time in page faults.

allocator_name='' allocator_library=''

# Prints the first file of that name where the dynamic linker looks.
find_library() {
    local folder folders
    IFS=: read -ra folders <<<"${LD_LIBRARY_PATH-}"
    for folder in "${folders[@]}" /usr/lib/"$HOSTTYPE"-linux-gnu /usr/{lib64,lib} /usr/local/{lib,lib64}; do
        [[ -r $folder/$1 ]] && echo "$folder/$1" && return
    done
    return 1
}

find_jemalloc() {
    find_library libjemalloc.so.2
}

# The one that came with a bundle, if this machine's C library is new enough for it.
bundled_jemalloc() {
    local name=libjemalloc.so.2
    is_bundle && [[ -r $home/native/$name ]] || return 1
    [[ -z $(LD_LIBRARY_PATH=$(library_path_with_bundle) LD_PRELOAD=$name "$BASH" -c : 2>&1) ]] && echo "$name"
}

# LD_PRELOAD cannot quote a space in a path, so the bundle's library goes by its name and is found here.
library_path_with_bundle() {
    echo "$home/native${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

find_tcmalloc() {
    find_library libtcmalloc_minimal.so.4 || find_library libtcmalloc.so.4
}

# Sets allocator_name, and allocator_library if one is to be preloaded. A user's LD_PRELOAD stays as it is.
choose_allocator() {
    allocator_name=glibc allocator_library=''
    if [[ -n ${LD_PRELOAD-} ]]; then
        allocator_name="LD_PRELOAD=$LD_PRELOAD"
        return
    fi
    local wanted
    for wanted in ${MLHPC_ALLOCATOR:-jemalloc tcmalloc}; do
        case $wanted in
        jemalloc) allocator_library=$(find_jemalloc || bundled_jemalloc) ;;
        tcmalloc) allocator_library=$(find_tcmalloc) ;;
        glibc) return ;;
        *) fail "$EXIT_USAGE" "MLHPC_ALLOCATOR=$wanted is unknown; choose jemalloc, tcmalloc or glibc" ;;
        esac
        [[ -n $allocator_library ]] && allocator_name=$wanted && return
    done
    [[ -z ${MLHPC_ALLOCATOR-} ]] || fail "$EXIT_ENVIRONMENT" "found no $MLHPC_ALLOCATOR; fix: $(allocator_advice)"
}

# As choose_allocator, after installing jemalloc where that is allowed.
provide_allocator() {
    choose_allocator
    [[ $allocator_name == glibc && -z ${MLHPC_ALLOCATOR-} ]] || return 0
    if may_install_packages && ! recently_failed jemalloc; then
        apt_install "a faster memory allocator" libjemalloc2 || remember_failure jemalloc
        choose_allocator
    fi
}

allocator_advice() {
    if is_debian; then
        echo "apt-get install libjemalloc2"
    else
        echo "install jemalloc or gperftools (module load jemalloc, or your package manager)"
    fi
}

# jemalloc, up to 5.3.1 at least, does not obey oversize_threshold:0 in its first arena. By itself it makes no other for a rank that
# is bound to one core, and comes back to the first one when there are more threads than arenas. They are made when they are needed.
count_arenas() {
    local processors
    processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || processors=1
    echo $((4 * processors < 64 ? 64 : 4 * processors))
}

# Prints the environment of the Java processes, one NAME=VALUE a line.
allocator_environment() {
    echo "MLHPC_ALLOCATOR=$allocator_name"
    [[ -z $allocator_library ]] || echo "LD_PRELOAD=$allocator_library"
    [[ $allocator_library == */* || -z $allocator_library ]] || echo "LD_LIBRARY_PATH=$(library_path_with_bundle)"
    # Memory is kept over many steps, large blocks too; kept for ever it grows until it is used up (docs/log.md).
    if [[ $allocator_name == jemalloc && -z ${MALLOC_CONF-} ]]; then
        echo "MALLOC_CONF=narenas:$(count_arenas),thp:always,oversize_threshold:0,dirty_decay_ms:60000,muzzy_decay_ms:60000"
    fi
}
