#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  { command exec 9>/proc/sys/kernel/ns_last_pid; } 2>/dev/null || :
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 4:13
  { printf 1 >&9; } 2>/dev/null || :  # the next pid is 2
  exec 9>&-
  /bin/sh -euc "$2" sh 3 "$2" &
  p3=$!
  /bin/sh -euc "$2" sh 4 "$2" &
  p4=$!
  /bin/sh -euc "$2" sh 5 "$2" &
  p5=$!
  unshare --uts -- /bin/sh -euc "$2" sh 6 "$2" &
  p6=$!
  unshare --uts -- /bin/sh -euc "$2" sh 7 "$2" &
  p7=$!
  status=0
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p4" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p5" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p6" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p7" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
3) # job
  exec env PIDNS_NAME=replicas PIDNS_PATH=job /bin/sh -eu -c 'exit 0'  # script, 6:17
  ;;
4) # web-1
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=replicas PIDNS_PATH=web-1 PIDNS_REPLICA=1 sleep infinity  # command, 7:18
  ;;
5) # web-2
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=replicas PIDNS_PATH=web-2 PIDNS_REPLICA=2 sleep infinity  # command, 7:18
  ;;
6) # pod-1
  hostname pod                                              # hostname, 12:15
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=replicas PIDNS_PATH=pod-1 PIDNS_REPLICA=1 sleep infinity  # command, 13:14
  ;;
7) # pod-2
  hostname pod                                              # hostname, 12:15
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=replicas PIDNS_PATH=pod-2 PIDNS_REPLICA=2 sleep infinity  # command, 13:14
  ;;
esac
END
)
exec unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
