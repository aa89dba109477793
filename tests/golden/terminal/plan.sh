#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because several processes are started, and nobody stops them in order
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # shell
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 5:17
  exec 2>>/specs/log/shell.txt                              # stderr, 7:13
  exec env PIDNS_NAME=terminal PIDNS_PATH=shell bash        # command, 8:14
  ;;
3) # other
  exec </dev/null                                           # stdin (default)
  exec env PIDNS_NAME=terminal PIDNS_PATH=other sleep infinity  # command, 10:14
  ;;
esac
END
)
  exec 8<&0
  script_steps="$steps" script_shell="${SHELL-}" SHELL=/bin/sh setpriv --pdeathsig KILL -- script -qec '
    set -eu
    steps=$script_steps SHELL=$script_shell
    [ -n "$SHELL" ] || unset SHELL
    unset script_steps script_shell
    [ "$(stty size)" != "0 0" ] || stty rows 24 cols 80
    exec setpriv --pdeathsig KILL -- unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
  ' /dev/null <&8 8<&- &
  p1=$!
  exec 8<&-
  setpriv --pdeathsig KILL -- /bin/sh -euc "$steps" sh 3 "$steps" &
  p3=$!
  status=0
  wait "$p1" || { now=$?; [ "$status" != 0 ] || status=$now; }
  wait "$p3" || { now=$?; [ "$status" != 0 ] || status=$now; }
  exit "$status"
