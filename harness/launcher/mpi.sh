# shellcheck shell=bash
# Finds Open MPI and its Java bindings; on Debian, whose packages lack mpi.jar, compiles it from their source package.
# See docs/adr/0003-open-mpi.md.

mpirun='' mpi_programs='' mpi_jar='' mpi_libraries='' mpi_missing=''

# Sets mpirun, mpi_programs, mpi_jar and mpi_libraries, or mpi_missing to the reason. Installs nothing. In a job of Slurm Open MPI
# may do without mpirun.
find_mpi() {
    mpirun='' mpi_programs='' mpi_jar='' mpi_libraries='' mpi_missing=''
    if ! mpirun=$(command -v mpirun) && ! has_mpi_for_srun; then
        mpi_missing="mpirun is not on the PATH" && return 1
    fi
    mpi_programs=$(dirname "${mpirun:-$(command -v ompi_info)}")
    if [[ ! -x $mpi_programs/ompi_info || $(readlink -f "$mpirun") == *hydra* ]]; then
        mpi_missing="$mpirun is not of Open MPI" && return 1
    fi
    if [[ -n ${MLHPC_MPI_JAR-} && ! -r $MLHPC_MPI_JAR ]]; then
        mpi_missing="MLHPC_MPI_JAR=$MLHPC_MPI_JAR cannot be read" && return 1
    fi
    mpi_jar=$(find_mpi_jar) || { mpi_missing="Open MPI in $mpi_programs has no mpi.jar" && return 1; }
    mpi_libraries=$(find_mpi_libraries) || { mpi_missing="Open MPI in $mpi_programs has no libmpi_java.so" && return 1; }
}

has_mpi_for_srun() {
    [[ -n ${SLURM_JOB_ID-} ]] && have srun && have ompi_info
}

# Prints name and version of the Open MPI that a job would use; nothing without one.
mpi_version() {
    find_mpi && "$mpi_programs/ompi_info" --version 2>/dev/null | head -n 1
}

find_mpi_jar() {
    local prefix candidate
    prefix=$(dirname "$mpi_programs")
    if [[ -n ${MLHPC_MPI_JAR-} ]]; then
        readlink -f "$MLHPC_MPI_JAR"
        return
    fi
    for candidate in "$prefix"/lib{,64}/mpi.jar "$prefix"/lib{,64}/openmpi/mpi.jar "$(bundled_mpi_jar)" "$(compiled_mpi_jar)"; do
        [[ -r $candidate ]] && echo "$candidate" && return
    done
    debian_mpi_version >/dev/null && return 1
    candidate=$(ompi_libdir)/mpi.jar
    [[ -r $candidate ]] && echo "$candidate"
}

ompi_libdir() {
    "$mpi_programs/ompi_info" --path libdir 2>/dev/null | sed 's/^ *Libdir: *//'
}

find_mpi_libraries() {
    local prefix folder
    prefix=$(dirname "$mpi_programs")
    for folder in "$(dirname "$mpi_jar")" "$prefix"/lib{,64}{,/openmpi} "$prefix/lib/$HOSTTYPE-linux-gnu"; do
        [[ -e $folder/libmpi_java.so ]] && echo "$folder" && return
    done
    folder=$(ompi_libdir)
    [[ -e $folder/libmpi_java.so ]] && echo "$folder"
}

# Prints the version of the Debian source package that the mpirun on the PATH was built from.
debian_mpi_version() {
    local source version
    [[ -n $mpi_programs && $(readlink -f "$mpi_programs/ompi_info") == /usr/bin/* ]] && is_debian || return 1
    # shellcheck disable=SC2016 # dpkg-query substitutes
    read -r source version < <(dpkg-query -W -f '${source:Package} ${source:Version}\n' libopenmpi-dev 2>/dev/null)
    [[ $source == openmpi ]] && echo "$version"
}

compiled_mpi_jar() {
    local version
    version=$(debian_mpi_version) && echo "$cache/openmpi-$version/mpi.jar"
}

# The one that came with a bundle, if it was compiled for the very version that is installed here.
bundled_mpi_jar() {
    local version
    version=$(debian_mpi_version) && echo "$home/openmpi-$version/mpi.jar"
}

# As find_mpi, after installing what is missing where that is allowed.
provide_mpi() {
    find_mpi && return
    [[ -z ${MLHPC_MPI_JAR-} ]] && installing_allowed && ! recently_failed openmpi || return 1
    if [[ -z $mpirun || -z $(debian_mpi_version) ]]; then
        [[ -z $mpirun || $(readlink -f "$mpirun") == /usr/bin/* ]] && may_install_packages || return 1
        apt_install "Open MPI" openmpi-bin libopenmpi-dev xz-utils || { remember_failure openmpi && return 1; }
        hash -r
    fi
    find_mpi && return
    compile_mpi_jar || remember_failure openmpi
    find_mpi
}

mpi_advice() {
    if is_debian && [[ $mpi_missing == *"not on the PATH"* ]]; then
        echo "apt-get install openmpi-bin libopenmpi-dev"
    elif debian_mpi_version >/dev/null; then
        echo "./mlhpc run compiles it where downloads are allowed (unset MLHPC_NO_INSTALL, remove $cache/openmpi.failed)"
    else
        echo "module load openmpi (one built with --enable-mpi-java), or MLHPC_MPI_JAR=/path/to/mpi.jar"
    fi
}

compile_mpi_jar() {
    local version log
    version=$(debian_mpi_version) || return 1
    log=$(log_file mpi-jar) || exit
    mkdir -p "$cache/openmpi-$version" || return 1
    say "compiling the Java bindings of Open MPI $version from its Debian source package (log: $log)"
    (
        flock 9
        [[ -r $cache/openmpi-$version/mpi.jar ]] || build_mpi_jar "$version"
    ) 9>"$cache/openmpi-$version/lock" >>"$log" 2>&1 </dev/null && return
    say "could not compile mpi.jar: $(grep -m1 -E '^E:|error:|not found' "$log" || tail -n1 "$log")"
    return 1
}

# Runs in a subshell: the trap ends with it.
build_mpi_jar() {
    local version=$1 work
    work=$(mktemp -d "$cache/openmpi-$version/work.XXXXXX") || return 1
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '${work//\'/\'\\\'\'}'" EXIT
    mkdir "$work/source" "$work/classes"
    download_mpi_source "$version" "$work" &&
        tar -xf "$work"/download/openmpi_*.orig.tar.* -C "$work/source" --wildcards '*/ompi/mpi/java/java/*.java' &&
        find "$work/source" -name '*.java' -printf '"%p"\n' >"$work/files" &&
        "$jdk/bin/javac" --release "$MIN_JDK" -nowarn -Xlint:none -d "$work/classes" "@$work/files" &&
        "$jdk/bin/jar" --create --file "$work/mpi.jar" -C "$work/classes" . &&
        mv "$work/mpi.jar" "$cache/openmpi-$version/mpi.jar"
}

# Asks the system's own package sources for source packages, through private lists: nothing outside WORK changes.
download_mpi_source() {
    local version=$1 work=$2
    private_source_lists "$work/sources"
    mkdir -p "$work/lists/partial" "$work/apt/archives/partial" "$work/download"
    local options=(-q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/sources"
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/apt" -o Acquire::Languages=none
        -o APT::Sandbox::User=root)
    # One unreachable third-party source must not matter; a missing package shows in the next command.
    apt-get "${options[@]}" update || true
    (cd "$work/download" && apt-get "${options[@]}" source --download-only "openmpi=$version")
}

private_source_lists() {
    local to=$1 file
    mkdir -p "$to"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -r $file ]] && sed -n 's/^[[:space:]]*deb\([[:space:]]\)/deb-src\1/p' "$file" >"$to/$(basename "$file")"
    done
    [[ -e $to/sources.list ]] && mv "$to/sources.list" "$to/main.list"
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -r $file ]] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$to/$(basename "$file")"
    done
}
