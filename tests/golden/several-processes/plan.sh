#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  /bin/sh -euc "$2" sh 3 "$2" &
  p3=$!
  /bin/sh -euc "$2" sh 4 "$2" &
  p4=$!
  /bin/sh -euc "$2" sh 5 "$2" &
  p5=$!
  status=0
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p4" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p5" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
3) # a
  exec </dev/null                                           # stdin (default)
  exec env -u LEVEL PIDNS_NAME=several-processes PIDNS_PATH=a env  # command, 5:16
  ;;
4) # b
  exec </dev/null                                           # stdin (default)
  exec setpriv --reuid=1000 --regid=1000 --clear-groups -- env LEVEL=outer PIDNS_NAME=several-processes PIDNS_PATH=b env  # command, 6:16
  ;;
5) # beside
  exec </dev/null                                           # stdin (default)
  exec env LEVEL=outer PIDNS_NAME=several-processes PIDNS_PATH=beside env  # command, 8:21
  ;;
esac
END
)
exec unshare --pid --kill-child=SIGKILL -- /bin/sh -euc "$steps" sh 2 "$steps"
