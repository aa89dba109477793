#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # /
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 5:13
  hostname mine                                             # hostname, 4:11
  exec env PIDNS_NAME=user PIDNS_PATH=/ id                  # command, 6:10
  ;;
esac
END
)
exec unshare --pid --mount --uts --user --kill-child=SIGKILL --map-root-user --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
