#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order; no process
# relays a terminal of its own
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # shell
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 5:17
  # not done: no process relays a terminal of its own       # terminal, 6:15
  exec 2>>/specs/log/shell.txt                              # stderr, 7:13
  exec env PIDNS_NAME=terminal PIDNS_PATH=shell bash        # command, 8:14
  ;;
3) # other
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=terminal PIDNS_PATH=other sleep infinity  # command, 10:14
  ;;
esac
END
)
  setpriv --pdeathsig KILL -- unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps" &
  p1=$!
  setpriv --pdeathsig KILL -- /bin/sh -euc "$steps" sh 3 "$steps" &
  p3=$!
  status=0
  wait "$p1" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
