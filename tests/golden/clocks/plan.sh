#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because unshare(1) shifts clocks by whole seconds
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
1) # /
  exec env PIDNS_NAME=clocks PIDNS_PATH=/ uptime            # command, 5:10
  ;;
esac
END
)
exec unshare --time --monotonic=864000 --boottime=0 -- /bin/sh -euc "$steps" sh 1 "$steps"
