#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # /
  set --  # what is kept of the environment                 # command, 12:10
  for name in $(env -0 | tr '\n\0' ' \n' | sed 's/=.*//'); do
    case $name in
    *[!A-Za-z0-9_]* | [0-9]* | QUOTE | VERSION) ;;
    LC_*) eval "set -- \"\$@\" \"$name=\$$name\"" ;;
    esac
  done
  exec env -i ${PATH+"PATH=$PATH"} "$@" 'QUOTE=it'\''s "two"
lines' VERSION=1.10 PIDNS_NAME=streams-and-environment PIDNS_PATH=/ /bin/bash -c 'unset PWD OLDPWD; unset SHLVL; declare -A SHLVL; exec -a "$0" "$@"' 'other name' printenv
  ;;
esac
END
)
exec </dev/null
exec >>/specs/out/log.txt
exec unshare --pid --kill-child=SIGKILL -- /bin/sh -euc "$steps" sh 2 "$steps"
