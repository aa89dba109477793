#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
1) # /
  exec env PIDNS_NAME=joins PIDNS_PATH=/ ip addr            # command, 4:10
  ;;
esac
END
)
exec nsenter --net=/run/netns/blue --uts=/proc/1/ns/uts -- unshare --mount --propagation private -- /bin/sh -euc "$steps" sh 1 "$steps"
