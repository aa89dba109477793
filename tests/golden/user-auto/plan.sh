#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order; unshare(1)
# denies setgroups(2) in a user namespace whose maps it writes; unshare(1) maps several ids only
# through newuidmap(1), in the ranges of /etc/subuid
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
1) # .init, in place of pidns's holder
  setpriv --pdeathsig KILL -- /bin/sh -euc "$2" sh 2 "$2" &
  p2=$!
  setpriv --pdeathsig KILL -- /bin/sh -euc "$2" sh 3 "$2" &
  p3=$!
  status=0
  wait "$p2" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
  ;;
2) # a
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=user-auto PIDNS_PATH=a id             # command, 7:16
  ;;
3) # b
  exec </dev/null                                           # stdin (default)
  exec setpriv --reuid=33 --regid=33 --keep-groups --pdeathsig KILL -- env PIDNS_NAME=user-auto PIDNS_PATH=b id  # command, 8:16
  ;;
esac
END
)
exec unshare --mount --user --propagation private -- /bin/sh -euc "$steps" sh 1 "$steps"
