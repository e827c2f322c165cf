# Sourced by the scripts that install Debian's packages. The caller sets `consequence`: what follows from a package that
# cannot be installed. It asks with `need` for one after the other, then calls `install_missing`.
# With CI=true a package that cannot be installed is an error.
# shellcheck shell=bash

program=${0##*/}
missing=()
as_root=()
say() { printf '%s: %s\n' "$program" "$*"; }

# The Debian package, and what needs it, for one that is not there.
miss() {
    missing+=("$1")
    say "$1 is missing: $2"
}

give_up() {
    if [ "${CI:-}" = true ]; then
        say "$1. CI=true: that is an error" >&2
        exit 1
    fi
    say "$1. $consequence"
    exit 0
}

three_tries() {
    local try
    for try in 1 2 3; do
        "$@" && return
        [ "$try" = 3 ] || { say "try $try failed, again in $((try * 5)) s"; sleep $((try * 5)); }
    done
    return 1
}
apt() {
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes LC_ALL=C.UTF-8 \
        apt-get -qq -o DPkg::Lock::Timeout=120 "$@"
}
install_once() { apt install -y --no-install-recommends "${missing[@]}" >/dev/null; }
known() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

become_root() {
    command -v apt-get >/dev/null 2>&1 || give_up "this is not a Debian system; install ${missing[*]} by hand"
    [ "$(id -u)" -eq 0 ] && return
    if ! command -v sudo >/dev/null 2>&1 || ! sudo -n true 2>/dev/null; then
        give_up "not root, and no sudo without a password; install them with: apt-get install ${missing[*]}"
    fi
    as_root=(sudo -n)
}

# A package's own service would listen on every address. Nothing here may start.
forbid_services() {
    policy=/usr/sbin/policy-rc.d
    [ -e "$policy" ] && return
    trap '${as_root[@]+"${as_root[@]}"} rm -f "$policy"' EXIT
    # `exit 101` is how a policy says "not allowed".
    printf '#!/bin/sh\nexit 101\n' | ${as_root[@]+"${as_root[@]}"} tee "$policy" >/dev/null
    ${as_root[@]+"${as_root[@]}"} chmod 755 "$policy"
}

install_missing() {
    local package fresh=no
    if [ ${#missing[@]} -eq 0 ]; then
        say "nothing to install"
        return
    fi
    become_root
    forbid_services
    for package in "${missing[@]}"; do
        known "$package" || fresh=needed
    done
    if [ "$fresh" = needed ]; then
        say "reading the package lists ..."
        three_tries apt update || give_up "apt-get update failed three times"
    fi
    say "installing ${missing[*]} ..."
    if ! install_once; then
        # Lists that are there can still be too old to name a package that the mirror has.
        say "that failed; reading the package lists again ..."
        three_tries apt update || give_up "apt-get update failed three times"
        three_tries install_once || give_up "apt-get could not install ${missing[*]}"
    fi
    say "installed ${missing[*]}"
}
