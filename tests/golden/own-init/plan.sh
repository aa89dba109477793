#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because sh stands in for pidns's init, and forwards no signals; nobody looks at
# `timeout`; nobody turns SIGTERM into `stop-signal`
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  mount -t proc -o nosuid,nodev,noexec,hidepid=invisible,subset=pid proc /proc  # mount-proc, 3:13
  /bin/sh -euc "$2" sh 3 "$2"
  exit
  ;;
3) # /
  exec env PIDNS_NAME=own-init PIDNS_PATH=/ sleep infinity  # command, 7:10
  ;;
esac
END
)
exec unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
