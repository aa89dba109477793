#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
mktemp() { # elsewhere, where a node around this one can't write to /tmp
  command mktemp "$@" 2>/dev/null || command mktemp -p /dev/shm "$@"
}
make_file() { # PATH MODE
  [ -e "$1" ] || (umask 022 && mkdir -p "${1%/*}/" && : >"$1" && chmod "$2" "$1")
}
make_folder() { # PATH MODE
  [ -e "$1" ] || (umask 022 && mkdir -p -m "$2" "$1")
}
make_target() { # SOURCE PATH [MODE]: what the source can be bound on
  if [ -d "$1" ]; then make_folder "$2" "${3-0755}"; else make_file "$2" "${3-0644}"; fi
}
mask() { # PATH
  if [ -d "$1" ]; then
    mount -t tmpfs -o nosuid,nodev,noexec,mode=0755 tmpfs "$1"
    mount -o remount,bind,ro "$1"
  elif [ -e "$1" ]; then
    mount --bind /dev/null "$1"
  fi
}
each_mount() { # PATH OPTIONS: mount(8) sets options on one mount at a time
  mounts=$(findmnt -Rnlo TARGET "$1")
  printf '%s\n' "$mounts" | while IFS= read -r at; do
    ! mountpoint -q "$at" || mount -o "remount,bind,$2" "$at" # it may be hidden by another one
  done
}
make_read_only() { # PATH, with all that is mounted below it
  [ -e "$1" ] || return 0
  mount --rbind "$1" "$1" 2>/dev/null || :
  each_mount "$1" ro
}
case $1 in
2) # /
  mount -t tmpfs -o nosuid,size=1m tmpfs /mnt               # mounts, 5:5
  if [ -e /specs/data ]; then                               # mounts, 6:5
    make_target /specs/data /mnt/data
    mount -o bind /specs/data /mnt/data
    mount -o remount,bind,ro /mnt/data
  fi
  scratch=$(mktemp -d)                                      # mounts, 7:5
  mount -t tmpfs -o mode=0755 tmpfs "$scratch"
  printf %s hello >"$scratch/file"
  chmod 0444 "$scratch/file"
  make_file /mnt/motd 0444
  mount -o bind,ro,nosuid,nodev "$scratch/file" /mnt/motd
  umount -l "$scratch"
  rmdir "$scratch"
  [ "$(readlink /mnt/link)" = data ] || ln -sT -- data /mnt/link  # mounts, 8:5
  make_folder /mnt/empty 0755                               # mounts, 9:5
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 3:13
  mask /proc/kcore                                          # masked-paths, 10:16
  mask /sys/firmware                                        # masked-paths, 10:29
  make_read_only /usr                                       # read-only-paths, 11:19
  mount -o remount,bind,ro /                                # read-only-root, 12:17
  exec env --chdir=/mnt PIDNS_NAME=mounts PIDNS_PATH=/ ls -l  # command, 14:10
  ;;
esac
END
)
exec unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
