#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order; a PID 1 of
# the spec does not wait for those beside it
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
1) # .init, in place of pidns's holder
  setpriv --pdeathsig KILL -- /bin/sh -euc "$2" sh 3 "$2" &
  p3=$!
  setpriv --pdeathsig KILL -- /bin/sh -euc "$2" sh 2 "$2" &
  p2=$!
  setpriv --pdeathsig KILL -- unshare --pid --kill-child=SIGKILL -- /bin/sh -euc "$2" sh 5 "$2" &
  p4=$!
  status=0
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p2" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p4" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
2) # worker
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=named-init PIDNS_PATH=worker sleep 60  # command, 7:21
  ;;
3) # reaper
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 3:13
  hostname together                                         # hostname, 4:11
  exec </dev/null                                           # stdin (default)
  # not done: a PID 1 of the spec does not wait for those beside it  # init, 5:7
  exec env PIDNS_NAME=named-init PIDNS_PATH=reaper tini -s -- sleep infinity  # command, 8:21
  ;;
5) # inner
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=named-init PIDNS_PATH=inner sleep 30  # command, 10:36
  ;;
esac
END
)
exec unshare --pid --mount --uts -- /bin/sh -euc "$steps" sh 1 "$steps"
