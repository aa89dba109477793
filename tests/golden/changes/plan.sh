#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order
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
  # timeout 5s: what runs tells its pid and how it ended to a shell that looks at the time
  {
    {
      status=0
      /bin/sh -euc "$2" sh 4 "$2" || status=$?
      echo "ended $status" >&8
    } 8>&1 >&6 6>&- | {
      read -r pid status
      [ -z "$status" ] || exit "$status"
      ended=$(timeout 5 head -n 1) || {
        signal=TERM
        echo $signal "$pid" >&5
        timeout 10 head -n 1 >/dev/null || echo KILL "$pid" >&5
        exit 124
      }
      exit "${ended#ended }"
    } 6>&-
  } 6>&1 &
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
  exec env PIDNS_NAME=changes PIDNS_PATH=web/server sleep 1 5>&- 7<&-  # command, 10:25
  ;;
4) # web/log
  read -r pid rest </proc/self/fd/7/self/stat; echo "$pid" >&8
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=changes PIDNS_PATH=web/log sleep 2 8>&- 5>&- 7<&-  # command, 11:22
  ;;
6) # web/cache
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 13:50
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=changes PIDNS_PATH=web/cache sleep 1 5>&- 7<&-  # command, 13:65
  ;;
esac
END
)
# who sends signals at a `timeout` stands outside of all namespaces
{
  {
    status=0
    (
      setpriv --pdeathsig KILL -- unshare --pid --mount --uts --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
    ) || status=$?
    echo "ended $status" >&5
  } 5>&1 >&6 6>&- | {
    while read -r signal pid; do
      [ "$signal" != ended ] || exit "$pid"
      kill -s "$signal" "$pid" 2>/dev/null || :  # has just ended
    done
  } 6>&-
} 6>&1 7</proc
