#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # web/.init, in place of pidns's init
  { command exec 9>/proc/sys/kernel/ns_last_pid; } 2>/dev/null || :
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 5:17
  hostname web                                              # hostname, 6:15
  { printf 1 >&9; } 2>/dev/null || :  # the next pid is 2
  exec 9>&-
  /bin/sh -euc "$2" sh 3 "$2" &
  p3=$!
  /bin/sh -euc "$2" sh 4 "$2" &
  p4=$!
  status=0
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p4" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
3) # web/one
  exec </dev/null                                           # stdin (default)
  exec env A=1 GONE=x PIDNS_NAME=diffs PIDNS_PATH=web/one sleep 1  # command, 9:22
  ;;
4) # web/two
  exec </dev/null                                           # stdin (default)
  exec env A=1 GONE=x PIDNS_NAME=diffs PIDNS_PATH=web/two sleep 2  # command, 10:22
  ;;
5) # store
  ip link set lo up                                         # loopback (default)
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=diffs PIDNS_PATH=store sleep 3        # command, 13:14
  ;;
esac
END
)
  setpriv --pdeathsig KILL -- unshare --pid --mount --uts --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps" &
  p1=$!
  setpriv --pdeathsig KILL -- unshare --net -- /bin/sh -euc "$steps" sh 5 "$steps" &
  p5=$!
  status=0
  wait "$p1" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p5" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
