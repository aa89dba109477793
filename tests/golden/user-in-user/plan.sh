#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because unshare(1) denies setgroups(2) in a user namespace whose maps it writes;
# unshare(1) maps several ids only through newuidmap(1), in the ranges of /etc/subuid
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  unshare --pid --user --kill-child=SIGKILL --map-current-user -- /bin/sh -euc "$2" sh 4 "$2"
  exit
  ;;
4) # inner
  exec env PIDNS_NAME=user-in-user PIDNS_PATH=inner id      # command, 11:14
  ;;
esac
END
)
exec unshare --pid --user --kill-child=SIGKILL --map-users=100000,0,1000 --map-groups=100000,0,1000 -- /bin/sh -euc "$steps" sh 2 "$steps"
