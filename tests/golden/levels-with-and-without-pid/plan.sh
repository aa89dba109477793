#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  { command exec 9>/proc/sys/kernel/ns_last_pid; } 2>/dev/null || :
  hostname outer                                            # hostname, 4:11
  { printf 1 >&9; } 2>/dev/null || :  # the next pid is 2
  exec 9>&-
  unshare --uts --ipc -- /bin/sh -euc "$2" sh 3 "$2"
  exit
  ;;
3) # middle/.init, in place of pidns's holder
  hostname middle                                           # hostname, 8:15
  setpriv --pdeathsig KILL -- unshare --pid --mount --uts --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$2" sh 5 "$2"
  exit
  ;;
5) # middle/inner
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 12:21
  hostname inner                                            # hostname, 13:19
  exec env PIDNS_NAME=levels-with-and-without-pid PIDNS_PATH=middle/inner /bin/sh -eu -c 'hostname; echo "PID $$"; grep NSpid /proc/self/status; ps -e -o comm='  # script, 14:17
  ;;
esac
END
)
exec unshare --pid --uts --kill-child=SIGKILL -- /bin/sh -euc "$steps" sh 2 "$steps"
