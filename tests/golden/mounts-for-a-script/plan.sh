#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
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
case $1 in
2) # /
  mount -t tmpfs -o nosuid,nodev,size=1m tmpfs /mnt         # mounts, 6:5
  make_target /usr/share /mnt/share                         # mounts, 7:5
  mount -o bind /usr/share /mnt/share
  mount -o remount,bind,ro /mnt/share
  make_folder /mnt/empty 0711                               # mounts, 8:5
  [ "$(readlink /mnt/link)" = share ] || ln -sT -- share /mnt/link  # mounts, 9:5
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 4:13
  mask /proc/kcore                                          # masked-paths, 10:16
  mask /sys/firmware                                        # masked-paths, 10:29
  mount -o remount,bind,ro /                                # read-only-root, 11:17
  exec env --chdir=/mnt PIDNS_NAME=mounts-for-a-script PIDNS_PATH=/ /bin/sh -eu -c 'stat -c '\''%A %F %N'\'' share empty link
touch /here 2>/dev/null || echo the root is read-only
'
  ;;
esac
END
)
exec unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
