#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because a POSIX shell has no word for another argv[0]; env(1) keeps no variables by
# pattern
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # /
  exec env -i ${PATH+"PATH=$PATH"} 'QUOTE=it'\''s "two"
lines' VERSION=1.10 PIDNS_NAME=streams-and-environment PIDNS_PATH=/ printenv
  ;;
esac
END
)
exec </dev/null
exec >>/specs/out/log.txt
exec unshare --pid --kill-child=SIGKILL -- /bin/sh -euc "$steps" sh 2 "$steps"
