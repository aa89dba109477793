#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
1) # /
  exec env PIDNS_NAME=without-pid PIDNS_PATH=/ cat /proc/self/cgroup  # command, 5:10
  ;;
esac
END
)
exec unshare --mount --cgroup --propagation slave -- /bin/sh -euc "$steps" sh 1 "$steps"
