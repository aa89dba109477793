#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
1-unmapped) # waits for its id maps
  read -r pid rest </proc/self/stat
  echo "$pid" >&9
  read -r mapped
  exec <&8 8<&- 9>&-
  exec setpriv --inh-caps=-all --ambient-caps=-all --pdeathsig KILL -- /bin/sh -euc "$2" sh 1 "$2"
  ;;
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
  exec setpriv --reuid=33 --regid=33 "$(grep -q deny /proc/self/setgroups && echo --keep-groups || echo --clear-groups)" --pdeathsig KILL -- env PIDNS_NAME=user-auto PIDNS_PATH=b id  # command, 8:16
  ;;
esac
END
)
fifo=$(mktemp -d)/pid
mkfifo "$fifo"
{
  rm "$fifo"; rmdir "${fifo%/*}"
  {
    read -r pid <&9
    [ -z "$pid" ] || {
      newuidmap "$pid" 0 1000 1 1 100000 65536 &&
      newgidmap "$pid" 0 1000 1 1 100000 65536 &&
      echo mapped
    }
  } | {
    status=0
    unshare --mount --user --keep-caps --propagation private -- /bin/sh -euc "$steps" sh 1-unmapped "$steps" || status=$?
    echo >&9  # where it did not get so far
    exit "$status"
  }
} 8<&0 9<>"$fifo"
