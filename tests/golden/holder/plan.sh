#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
1) # .init, in place of pidns's holder
  hostname held                                             # hostname, 3:11
  setpriv --pdeathsig KILL -- /bin/sh -euc "$2" sh 2 "$2" &
  p2=$!
  setpriv --pdeathsig KILL -- /bin/sh -euc "$2" sh 3 "$2" &
  p3=$!
  setpriv --pdeathsig KILL -- unshare --pid --kill-child=SIGKILL -- /bin/sh -euc "$2" sh 5 "$2" &
  p4=$!
  status=0
  wait "$p2" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p4" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
2) # a
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=holder PIDNS_PATH=a ipcs              # command, 5:16
  ;;
3) # b
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=holder PIDNS_PATH=b /bin/sh -eu -c hostname  # script, 6:15
  ;;
5) # inner
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=holder PIDNS_PATH=inner id            # command, 10:14
  ;;
esac
END
)
exec unshare --uts --ipc -- /bin/sh -euc "$steps" sh 1 "$steps"
