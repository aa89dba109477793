#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order; nobody ends
# one of several processes at its `timeout`
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # web/.init, in place of pidns's init
  { command exec 9>/proc/sys/kernel/ns_last_pid; } 2>/dev/null || :
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 7:17
  hostname web                                              # hostname, 8:15
  { printf 1 >&9; } 2>/dev/null || :  # the next pid is 2
  exec 9>&-
  /bin/sh -euc "$2" sh 3 "$2" &
  p3=$!
  /bin/sh -euc "$2" sh 4 "$2" &
  p4=$!
  unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$2" sh 6 "$2" &
  p5=$!
  status=0
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p4" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p5" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
3) # web/server
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=changes PIDNS_PATH=web/server sleep 1  # command, 10:25
  ;;
4) # web/log
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=changes PIDNS_PATH=web/log sleep 2    # command, 11:22
  ;;
6) # web/cache
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 13:50
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=changes PIDNS_PATH=web/cache sleep 1  # command, 13:65
  ;;
esac
END
)
exec unshare --pid --mount --uts --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
