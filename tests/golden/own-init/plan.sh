#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # .init, in place of pidns's init
  { command exec 9>/proc/sys/kernel/ns_last_pid; } 2>/dev/null || :
  mount -t proc -o nosuid,nodev,noexec,hidepid=invisible,subset=pid proc /proc  # mount-proc, 3:13
  { printf 1 >&9; } 2>/dev/null || :  # the next pid is 2
  exec 9>&-
  /bin/sh -euc "$2" sh 3 "$2"
  exit
  ;;
3) # /
  read -r pid rest </proc/self/fd/7/self/stat; echo "$pid" >&8
  exec env PIDNS_NAME=own-init PIDNS_PATH=/ sleep infinity 8>&- 7<&-  # command, 7:10
  ;;
esac
END
)
# timeout 1m30s: what runs tells its pid and how it ended to a shell that looks at the time
{
  {
    status=0
    unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps" || status=$?
    echo "ended $status" >&8
  } 8>&1 >&6 6>&- | {
    read -r pid status
    [ -z "$status" ] || exit "$status"
    ended=$(timeout 90 head -n 1) || {
      signal=INT
      kill -s $signal "$pid"
      timeout 10 head -n 1 >/dev/null || kill -s KILL "$pid"
      exit 124
    }
    exit "${ended#ended }"
  } 6>&-
} 6>&1 7</proc
