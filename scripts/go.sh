# Sourced by the scripts that build a test server from its source, once for this user (Go's module proxy). The caller sets
# `what` it is, its `version`, the Go `package`, the `program` as it is kept, the `variable` that names another one
# instead, and the version of Go that it `needs`. `build_once --path` only says where the server is. What went wrong is
# said, and the exit status is 1.
# shellcheck shell=bash disable=SC2154

say() { printf '%s: %s\n' "${0##*/}" "$*"; }

build_once() {
    local folder="${XDG_CACHE_HOME:-$HOME/.cache}/moderator" named="${!variable:-}" server build
    server="${named:-$folder/$program-$version}"
    if [ "${1:-}" = --path ]; then
        printf '%s\n' "$server"
        return
    fi
    [ ! -x "$server" ] || return 0
    if [ -n "$named" ]; then
        say "$variable names $server, which is no program"
        return 1
    fi
    if ! command -v go >/dev/null 2>&1; then
        say "$what has to be built, and there is no Go: install Go $needs, or name a server with $variable"
        return 1
    fi
    mkdir -p "$folder"
    build=$(mktemp -d "$folder/$program-build-XXXXXX")
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$build'" EXIT
    say "building $what $version with $(go env GOVERSION): some minutes, this once ..."
    # Another platform's settings would put it into another folder.
    if ! env -u GOOS -u GOARCH GOBIN="$build/bin" go install "$package@v$version" >"$build/log" 2>&1; then
        tail -n 20 "$build/log"
        say "$what $version could not be built"
        return 1
    fi
    mv "$build"/bin/* "$server"
    say "built $server"
}
