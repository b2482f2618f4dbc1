# shellcheck shell=bash
# Finds JDK and Maven.

readonly MIN_JDK=17 MIN_MAVEN=3.8
jdk='' jdk_version='' jdk_feature=0 maven=''

# Prints the version of the JDK in a folder from its release file: starting a JVM to ask would cost 50 ms.
version_of_jdk() {
    local line
    [[ -x $1/bin/java && -x $1/bin/javac ]] || return 1
    if [[ -r $1/release ]]; then
        while read -r line; do
            [[ $line == JAVA_VERSION=* ]] && { line=${line#*=} && echo "${line//\"/}" && return; }
        done <"$1/release"
    fi
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac //p'
}

accept_jdk() {
    local version feature
    version=$(version_of_jdk "$1") || return 1
    feature=${version#1.}
    feature=${feature%%[!0-9]*}
    ((${feature:-0} >= MIN_JDK)) || return 1
    jdk=$1 jdk_version=$version jdk_feature=$feature
}

find_jdk() {
    local candidate
    if [[ -n ${JAVA_HOME-} ]]; then
        accept_jdk "$JAVA_HOME" && return
        say "JAVA_HOME=$JAVA_HOME is not a JDK >= $MIN_JDK; looking elsewhere"
    fi
    if have javac; then
        accept_jdk "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")" && return
    fi
    while IFS= read -r candidate; do
        accept_jdk "$candidate" && return
    done < <(printf '%s\n' /usr/lib/jvm/*/ | sed 's|/$||' | sort -V)
    return 1
}

jdk_advice() {
    if is_debian; then
        echo "apt-get install openjdk-17-jdk-headless"
    else
        echo "install a JDK >= $MIN_JDK (module load java, or your package manager) and set JAVA_HOME"
    fi
}

require_jdk() {
    find_jdk && return
    if may_install_packages && apt_install "a JDK" openjdk-17-jdk-headless; then
        hash -r
        find_jdk && return
    fi
    fail "$EXIT_ENVIRONMENT" "found no JDK >= $MIN_JDK; fix: $(jdk_advice)"
}

version_of_maven() {
    JAVA_HOME=$jdk "$1" -v 2>/dev/null | sed -n 's/\x1b\[[0-9;]*m//g; s/^Apache Maven \([0-9.]*\).*/\1/p'
}

at_least() {
    [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n1) == "$1" ]]
}

find_maven() {
    local candidate version
    for candidate in "${MAVEN_HOME:-/nonexistent}/bin/mvn" "$(command -v mvn)"; do
        [[ -x $candidate ]] || continue
        version=$(version_of_maven "$candidate")
        [[ -n $version ]] && at_least "$MIN_MAVEN" "$version" && maven=$candidate && return
    done
    return 1
}

maven_advice() {
    if is_debian; then
        echo "apt-get install maven"
    else
        echo "install Maven >= $MIN_MAVEN (module load maven, or your package manager)"
    fi
}

require_maven() {
    find_maven && return
    if may_install_packages && apt_install Maven maven; then
        hash -r
        find_maven && return
    fi
    fail "$EXIT_ENVIRONMENT" "found no Maven >= $MIN_MAVEN; fix: $(maven_advice)"
}
