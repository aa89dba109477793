#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # /
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 4:13
  hostname ns1                                              # hostname, 3:11
  exec env PIDNS_NAME=one-level PIDNS_PATH=/ ps -e          # command, 5:10
  ;;
esac
END
)
exec unshare --pid --mount --uts --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
