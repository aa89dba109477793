#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
mktemp() { # elsewhere, where a node around this one can't write to /tmp
  command mktemp "$@" 2>/dev/null || command mktemp -p /dev/shm "$@"
}
case $1 in
2-unmapped) # waits for its id maps
  read -r pid rest </proc/self/stat
  echo "$pid" >&9
  read -r mapped
  exec <&8 8<&- 9>&-
  exec setpriv --reuid=0 --regid=0 --keep-groups --inh-caps=-all --ambient-caps=-all --pdeathsig KILL -- /bin/sh -euc "$2" sh 2 "$2"
  ;;
2) # .init, in place of pidns's init
  fifo=$(mktemp -d)/pid
  mkfifo "$fifo"
  {
    rm "$fifo"; rmdir "${fifo%/*}"
    {
      read -r pid <&9
      [ -z "$pid" ] || {
        printf '0 0 1\n' >"/proc/$pid/uid_map" &&
        printf '0 0 1\n' >"/proc/$pid/gid_map" &&
        echo mapped
      }
    } | {
      status=0
      unshare --pid --user --kill-child=SIGKILL --keep-caps -- /bin/sh -euc "$2" sh 4-unmapped "$2" || status=$?
      echo >&9  # where it did not get so far
      exit "$status"
    }
  } 8<&0 9<>"$fifo"
  exit
  ;;
4-unmapped) # waits for its id maps
  read -r pid rest </proc/self/stat
  echo "$pid" >&9
  read -r mapped
  exec <&8 8<&- 9>&-
  exec setpriv --inh-caps=-all --ambient-caps=-all --pdeathsig KILL -- /bin/sh -euc "$2" sh 4 "$2"
  ;;
4) # inner
  exec env PIDNS_NAME=user-in-user PIDNS_PATH=inner id      # command, 11:14
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
      printf deny >"/proc/$pid/setgroups" &&
      printf '0 100000 1000\n' >"/proc/$pid/uid_map" &&
      printf '0 100000 1000\n' >"/proc/$pid/gid_map" &&
      echo mapped
    }
  } | {
    status=0
    unshare --pid --user --kill-child=SIGKILL --keep-caps -- /bin/sh -euc "$steps" sh 2-unmapped "$steps" || status=$?
    echo >&9  # where it did not get so far
    exit "$status"
  }
} 8<&0 9<>"$fifo"
