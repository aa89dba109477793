#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # /
  exec env PIDNS_NAME=clocks-in-days PIDNS_PATH=/ /bin/sh -eu -c 'tr -s '\'' '\'' </proc/self/timens_offsets'  # script, 6:9
  ;;
esac
END
)
exec unshare --pid --time --kill-child=SIGKILL --monotonic=864000 --boottime=315360000 -- /bin/sh -euc "$steps" sh 2 "$steps"
