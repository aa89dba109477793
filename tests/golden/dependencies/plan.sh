#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order; processes do
# not wait for others to be ready
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
  unshare --pid --kill-child=SIGKILL -- /bin/sh -euc "$2" sh 8 "$2" &
  p7=$!
  status=0
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p4" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p5" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p6" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p7" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
3) # web-1
  # not done: processes do not wait for others to be ready  # depends-on, 6:62
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=dependencies PIDNS_PATH=web-1 PIDNS_REPLICA=1 sleep infinity  # command, 6:18
  ;;
4) # web-2
  # not done: processes do not wait for others to be ready  # depends-on, 6:62
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=dependencies PIDNS_PATH=web-2 PIDNS_REPLICA=2 sleep infinity  # command, 6:18
  ;;
5) # migrate
  # not done: processes do not wait for others to be ready  # depends-on, 7:41
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=dependencies PIDNS_PATH=migrate /bin/sh -eu -c 'exit 0'  # script, 7:21
  ;;
6) # db
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=dependencies PIDNS_PATH=db sleep infinity  # command, 9:33
  ;;
8) # checks/.init, in place of pidns's init
  /bin/sh -euc "$2" sh 9 "$2" &
  p9=$!
  /bin/sh -euc "$2" sh 10 "$2" &
  p10=$!
  status=0
  wait "$p9" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p10" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
9) # checks/one
  # not done: processes do not wait for others to be ready  # depends-on, 13:41
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=dependencies PIDNS_PATH=checks/one /bin/sh -eu -c 'exit 0'  # script, 13:21
  ;;
10) # checks/two
  # not done: processes do not wait for others to be ready  # depends-on, 14:41
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=dependencies PIDNS_PATH=checks/two /bin/sh -eu -c 'exit 0'  # script, 14:21
  ;;
esac
END
)
exec unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
