# shellcheck shell=bash
# Builds when sources are newer than the last build. Each build gets a folder of its own under target/app, so that a job
# which runs for days keeps its jars while its author goes on working.

readonly KEPT_BUILDS=8
app='' class_archive=''
builds=$home/target/app

# build_if_needed MPI_JAR: an empty MPI_JAR accepts a build with or without Open MPI.
build_if_needed() {
    if is_bundle; then
        open_bundle "$1"
        return
    fi
    current_build && ! is_stale "$1" && return
    mkdir -p "$builds" || fail "$EXIT_ENVIRONMENT" "cannot write to $builds"
    exec 8>"$builds/lock"
    flock -n 8 || { say "another start is building; waiting for it" && flock 8; }
    if ! current_build || is_stale "$1"; then
        build "$1"
        current_build || fail "$EXIT_ENVIRONMENT" "the build left no $builds/current"
    fi
    exec 8>&-
}

# open_bundle MPI_JAR: sets app to a bundle, after making sure that it can run here.
open_bundle() {
    local platform
    platform=$(bundle_property platform)
    [[ $platform == "$(platform_here)"* ]] ||
        fail "$EXIT_ENVIRONMENT" "the bundle in $home is for $platform, and this is $(platform_here): make one with ./mlhpc bundle on such a machine"
    # Java's own separator, which nothing can quote.
    [[ $home != *:* ]] || fail "$EXIT_ENVIRONMENT" "Java cannot read a path with a colon: move the bundle out of $home"
    require_bundled_files
    [[ -z $1 || -d $home/mpi-lib ]] || fail "$EXIT_ENVIRONMENT" \
        "the bundle in $home was made without Open MPI: make it again where ./mlhpc doctor finds it, or use --ranks 1"
    app=$home
    class_archive=$cache/classes/$(cksum <<<"$home $(<"$home/SHA256SUMS")" | tr ' ' -)-$jdk_version.jsa
    # Ranks would all write it.
    inside_mpi || [[ -r $class_archive ]] || archive_bundle
}

# As JavaCPP names platforms.
platform_here() {
    echo "${OSTYPE%%-*}-$HOSTTYPE"
}

require_bundled_files() {
    local file
    while read -r _ file; do
        [[ -r $home/$file ]] || incomplete_bundle "$file"
    done <"$home/SHA256SUMS" || incomplete_bundle SHA256SUMS
}

incomplete_bundle() {
    fail "$EXIT_ENVIRONMENT" "the bundle in $home is incomplete: $1 cannot be read; unpack the archive again"
}

# The bundle's own folder may be read-only, so its class-data archive is in the cache; without it everything works as well.
archive_bundle() {
    local new=$class_archive.$HOSTNAME-$$
    mkdir -p "${class_archive%/*}" 2>/dev/null || return 0
    archive_classes "$new" "$(print_class_path)" >/dev/null 2>&1
    mv "$new" "$class_archive" 2>/dev/null || rm -f "$new"
}

current_build() {
    app=$(readlink -e "$builds/current") && [[ -r $app/classpath ]]
}

# Runs of a campaign, which MLHPC_CAUSE tells, are all of one build, and do not let their nodes wait for another one.
is_stale() {
    local built_with=''
    read -r built_with <"$app/mpi"
    [[ -n $1 && $built_with != "$1" ]] || [[ $(<"$app/options") != "${MLHPC_MAVEN_OPTS-}" ]] ||
        { [[ -z ${MLHPC_CAUSE-} ]] && sources_newer_than "$app/stamp"; }
}

# Folders count too: their time changes when a file goes. In a subshell, because the user's paths are relative to where
# the user is.
sources_newer_than() (
    cd "$home" || exit 0
    [[ -n $(find pom.xml .mvn benchmarks staging harness roofline results submission-rules slurm \
        \( -name target -o -path '*/src/test' -o -path harness/launcher \) -prune -o \
        \( -name pom.xml -o -path '*/src/main*' -o -path '.mvn/*' \) -newer "$1" -print -quit 2>/dev/null) ]]
)

build() {
    local jar=$1 id new log
    require_maven
    [[ -n $jar ]] || { find_mpi && jar=$mpi_jar; }
    id=$(printf '%(%Y%m%d-%H%M%S)T-%d' -1 $$)
    new=$builds/$id
    log=$(log_file build) || exit
    mkdir -p "$new" && : >"$new/stamp" && echo "$jar" >"$new/mpi" && printf '%s' "${MLHPC_MAVEN_OPTS-}" >"$new/options"
    say "building (log: $log)"
    rm -rf "$home/harness/target/lib"
    run_maven "$jar" "$log" || { rm -rf "$new" && build_failed "$log"; }
    collect_jars "$new" "$jar" || fail "$EXIT_ENVIRONMENT" "cannot write to $new"
    archive_classes "$new/classes-$jdk_version.jsa" "$(<"$new/classpath")" >>"$log" 2>&1
    ln -sfn "$id" "$builds/current"
    remove_old_builds
}

run_maven() {
    local options
    read -ra options <<<"${MLHPC_MAVEN_OPTS-}"
    # flock's descriptor must not live on in a Maven daemon.
    (cd "$home" && JAVA_HOME=$jdk "$maven" -q -B -DskipTests ${1:+"-Dmpi.jar=$1"} ${options[@]+"${options[@]}"} package) \
        >"$2" 2>&1 8>&- </dev/null
}

build_failed() {
    tail -n 60 "$1" >&2
    fail "$EXIT_ENVIRONMENT" "the build failed; the whole log is in $1"
}

# Our jars are copied, because a later build overwrites them; others never change under their name and are linked.
collect_jars() {
    local new=$1 jar
    mkdir "$new/lib" || return
    for jar in "$home"/harness/target/mlhpc-harness-*.jar "$home"/harness/target/lib/*.jar; do
        case $jar in
        *-tests.jar | *-sources.jar) ;;
        */mlhpc-*) cp "$jar" "$new/lib/" || return ;;
        *) ln "$jar" "$new/lib/" 2>/dev/null || cp "$jar" "$new/lib/" || return ;;
        esac
    done
    printf '%s\n' "$new"/lib/*.jar | paste -sd: >"$new/classpath"
    if [[ -n $2 ]]; then
        mkdir "$new/mpi-lib" && cp "$home"/harness/mpi/target/mlhpc-harness-mpi-*[0-9T].jar "$new/mpi-lib/"
    fi
}

# archive_classes FILE CLASS_PATH: a class-data archive of one short command halves the start. Without it everything works as well.
archive_classes() {
    timeout 60 "$jdk/bin/java" "-XX:ArchiveClassesAtExit=$1" -Xlog:cds=off -Xlog:cds+dynamic=off \
        -XX:+UseSerialGC -cp "$2" "$main_class" list
    return 0
}

remove_old_builds() {
    local old
    while IFS= read -r old; do
        rm -rf "${builds:?}/$old"
    done < <(cd "$builds" && printf '%s\n' [0-9]*-* | sort -r | tail -n +$((KEPT_BUILDS + 1)))
}
