#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # red
  hostname red                                              # hostname, 7:15
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=siblings PIDNS_PATH=red /bin/sh -eu -c hostname  # script, 8:13
  ;;
4) # blue
  hostname blue                                             # hostname, 11:15
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=siblings PIDNS_PATH=blue /bin/sh -eu -c 'trap '\''exit 0'\'' TERM; hostname'  # script, 13:13
  ;;
esac
END
)
  setpriv --pdeathsig KILL -- unshare --pid --uts --kill-child=SIGKILL -- /bin/sh -euc "$steps" sh 2 "$steps" &
  p1=$!
  setpriv --pdeathsig KILL -- unshare --pid --uts --kill-child=SIGTERM -- /bin/sh -euc "$steps" sh 4 "$steps" &
  p3=$!
  status=0
  wait "$p1" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
