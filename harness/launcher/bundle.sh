# shellcheck shell=bash
# Makes one archive of all that a compute node needs beside a JDK and Open MPI; see docs/slurm.md.

bundle_out='' bundle_packaged='' bundle_name='' bundle_stage=''

make_bundle() {
    parse_bundle_arguments "$@"
    require_checkout "mlhpc bundle"
    require_jdk
    find_mpi || say "the bundle will run single processes only: $mpi_missing; fix: $(mpi_advice)"
    [[ -n $bundle_packaged ]] || build_if_needed "$mpi_jar" || exit
    bundle_stage=$(mktemp -d "$home/target/bundle.XXXXXX" 2>/dev/null || mktemp -d) ||
        fail "$EXIT_ENVIRONMENT" "cannot create a folder in $home/target or ${TMPDIR:-/tmp}"
    trap 'rm -rf "$bundle_stage" ${bundle_out:+"$bundle_out.partial"}' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    mkdir "$bundle_stage/content"
    fill_bundle "$bundle_stage/content" || fail "$EXIT_ENVIRONMENT" "cannot copy to $bundle_stage: is the disk full?"
    bundle_name=mlhpc-$(suite_version "$bundle_stage/content")-$(natives_platform "$bundle_stage/content")
    : "${bundle_out:=$PWD/$bundle_name.tar.gz}"
    refuse_existing
    pack_bundle
    say "$bundle_out: $(($(wc -c <"$bundle_out") / 1000000)) MB"
}

bundle_help() {
    cat <<'HELP'
Usage: mlhpc bundle [--out FILE.tar.gz] [--packaged]
Makes an archive that runs on compute nodes with nothing but a JDK and Open MPI: no Maven, no network, no compiler, and nothing
is written to where it lies. Unpack it on a file system that all nodes share and start the mlhpc in it.
      --out FILE.tar.gz   default: mlhpc-VERSION-PLATFORM.tar.gz in the current folder; an existing file is not replaced
      --packaged          take what Maven has packaged, as it is, without a build
Exit code: 0 if the archive was made, 2 for wrong usage, 3 otherwise.
HELP
}

parse_bundle_arguments() {
    while (($# > 0)); do
        case $1 in
        --out) shift && bundle_out=${1-} ;;
        --out=*) bundle_out=${1#*=} ;;
        --packaged) bundle_packaged=1 ;;
        -h | --help) bundle_help && exit 0 ;;
        *) fail "$EXIT_USAGE" "bundle: unknown argument $1; see ./mlhpc bundle --help" ;;
        esac
        [[ -n ${1-} && ( -z $bundle_out || $bundle_out == *.tar.gz ) ]] ||
            fail "$EXIT_USAGE" "bundle: --out wants a file name that ends in .tar.gz, and got ${bundle_out:-nothing}"
        shift
    done
    [[ -z $bundle_out || $bundle_out == /* ]] || bundle_out=$PWD/$bundle_out
    [[ -z $bundle_out ]] || refuse_existing
}

refuse_existing() {
    [[ ! -e $bundle_out ]] || fail "$EXIT_USAGE" "$bundle_out exists: remove it, or choose another name with --out"
    [[ -w ${bundle_out%/*} ]] || fail "$EXIT_ENVIRONMENT" "cannot write to ${bundle_out%/*}"
}

# fill_bundle DIR: everything but the checksums, which come last.
fill_bundle() {
    local to=$1
    copy_jars "$to" && copy_scripts "$to" && copy_natives "$to" && describe_bundle "$to" >"$to/bundle.properties" &&
        checksums "$to" >"$bundle_stage/sums" && mv "$bundle_stage/sums" "$to/SHA256SUMS"
}

# As sha256sum -c reads them.
checksums() (
    cd "$1" && find . -type f -printf '%P\0' | sort -z | xargs -0 sha256sum
)

copy_jars() {
    if [[ -n $bundle_packaged ]]; then
        collect_packaged_jars "$1"
    else
        cp -r "$app/lib" "$1/" && if [[ -d $app/mpi-lib ]]; then cp -r "$app/mpi-lib" "$1/"; fi
    fi
}

# A build of only some modules leaves the others' jars as they were, so it is enough that there are any.
collect_packaged_jars() {
    local with_mpi=''
    compgen -G "$home/harness/target/mlhpc-harness-*.jar" >/dev/null ||
        fail "$EXIT_ENVIRONMENT" "Maven has packaged nothing in $home/harness/target: leave --packaged out"
    compgen -G "$home/harness/mpi/target/mlhpc-harness-mpi-*[0-9T].jar" >/dev/null && with_mpi=1
    collect_jars "$1" "$with_mpi" && rm "$1/classpath"
}

copy_scripts() {
    local to=$1 file
    mkdir -p "$to/harness" "$to/slurm" && cp "$home/mlhpc" "$to/" && cp -r "$home/harness/launcher" "$to/harness/" &&
        cp -r "$home/slurm/throwaway" "$to/slurm/" && cp -r "$home/docs" "$to/" || return
    for file in "$home"/*.md "$home"/LICEN[CS]E* "$home"/NOTICE* "$home"/benchmarks/*/README.md; do
        [[ -e $file ]] || continue
        mkdir -p "$to/$(dirname "${file#"$home"/}")" && cp "$file" "$to/${file#"$home"/}" || return
    done
}

# The licences of jars are inside them.
copy_natives() {
    local to=$1 library
    if library=$(find_jemalloc); then
        mkdir "$to/native" && cp -L "$library" "$to/native/" && copy_licence "$library" "$to/native/" || return
    fi
    # A cluster's Open MPI brings its own.
    if [[ -n $mpi_jar && $mpi_jar == "$(compiled_mpi_jar)" ]]; then
        library=openmpi-$(debian_mpi_version)
        mkdir "$to/$library" && cp "$mpi_jar" "$to/$library/" && copy_licence "$(readlink -f "$mpirun")" "$to/$library/"
    fi
}

# copy_licence FILE DIR: of the Debian package that FILE is from; other systems keep licences where no program finds them.
copy_licence() {
    local package
    is_debian || return 0
    package=$(dpkg-query -S "$(readlink -f "$1")" 2>/dev/null) || package=$(dpkg-query -S "$1" 2>/dev/null) || return 0
    package=${package%%:*}
    [[ ! -r /usr/share/doc/$package/copyright ]] || cp "/usr/share/doc/$package/copyright" "$2/"
}

# describe_bundle DIR: what a start, doctor and run.json need to know; without times, so that equal contents make equal archives.
describe_bundle() {
    printf '%s\n' "version=$(suite_version "$1")" "platform=$(natives_platform "$1")" "git_revision=$(git_in_home rev-parse HEAD)" \
        "uncommitted_changes=$(uncommitted_changes)"
}

# yes, no, or nothing outside of a repository.
uncommitted_changes() {
    local changes
    changes=$(git_in_home status --porcelain --untracked-files=no) || return 0
    if [[ -n $changes ]]; then echo yes; else echo no; fi
}

suite_version() {
    printf '%s\n' "$1"/lib/mlhpc-harness-*.jar | sed 's|.*/mlhpc-harness-||; s|\.jar$||' | head -n 1
}

# The engine's: linux-x86_64, or linux-x86_64-gpu.
natives_platform() {
    printf '%s\n' "$1"/lib/pytorch-*-linux-*.jar | sed 's|.*-\(linux-.*\)\.jar$|\1|' | head -n 1
}

git_in_home() {
    git -C "$home" "$@" 2>/dev/null
}

# The archive gets its name when it is complete.
pack_bundle() {
    local part=$bundle_out.partial
    mv "$bundle_stage/content" "$bundle_stage/$bundle_name"
    tar -C "$bundle_stage" --sort=name --owner=0 --group=0 --numeric-owner --mode=a+rX,go-w "--mtime=@$(git_in_home log -1 --format=%ct || echo 1)" \
        -I 'gzip -1n' -cf "$part" "$bundle_name" || fail "$EXIT_ENVIRONMENT" "cannot write $part: is the disk full?"
    mv -n "$part" "$bundle_out"
}
