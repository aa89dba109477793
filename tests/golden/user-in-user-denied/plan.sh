#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  unshare --pid --mount --user --kill-child=SIGKILL --map-current-user --propagation private -- /bin/sh -euc "$2" sh 4 "$2"
  exit
  ;;
4) # inner
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 11:17
  exec env PIDNS_NAME=user-in-user-denied PIDNS_PATH=inner /bin/sh -eu -c 'id -u; cat /proc/self/setgroups; ps -e -o comm='  # script, 12:13
  ;;
esac
END
)
exec unshare --pid --user --kill-child=SIGKILL --map-root-user -- /bin/sh -euc "$steps" sh 2 "$steps"
