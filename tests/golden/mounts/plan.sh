#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: no, because a mount of the type `file` is pidns's own; mount(8) makes only the topmost
# mount of a tree read-only
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # /
  mount -t tmpfs -o nosuid,size=1m tmpfs /mnt               # mounts, 5:5
  if [ -d /specs/data ]; then [ -d /mnt/data ] || mkdir -p -m 0755 /mnt/data; else mkdir -p /mnt; : >>/mnt/data; fi  # mounts, 6:5
  [ ! -e /specs/data ] || mount -o bind,ro /specs/data /mnt/data
  # not done: make file /mnt/motd                           # mounts, 7:5
  [ -L /mnt/link ] || ln -s data /mnt/link                  # mounts, 8:5
  [ -d /mnt/empty ] || mkdir -p -m 0755 /mnt/empty          # mounts, 9:5
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 3:13
  if [ -d /proc/kcore ]; then mount -t tmpfs -o ro,nosuid,nodev,noexec,mode=0755 tmpfs /proc/kcore; elif [ -e /proc/kcore ]; then mount --bind /dev/null /proc/kcore; fi  # masked-paths, 10:16
  if [ -d /sys/firmware ]; then mount -t tmpfs -o ro,nosuid,nodev,noexec,mode=0755 tmpfs /sys/firmware; elif [ -e /sys/firmware ]; then mount --bind /dev/null /sys/firmware; fi  # masked-paths, 10:29
  [ ! -e /usr ] || mount -o rbind,ro /usr /usr              # read-only-paths, 11:19
  mount -o remount,bind,ro /                                # read-only-root, 12:17
  exec env --chdir=/mnt PIDNS_NAME=mounts PIDNS_PATH=/ ls -l  # command, 14:10
  ;;
esac
END
)
exec unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
