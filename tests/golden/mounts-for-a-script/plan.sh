#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
case $1 in
2) # /
  mount -t tmpfs -o nosuid,nodev,size=1m tmpfs /mnt         # mounts, 6:5
  if [ -d /usr/share ]; then [ -d /mnt/share ] || mkdir -p -m 0755 /mnt/share; else mkdir -p /mnt; : >>/mnt/share; fi  # mounts, 7:5
  mount -o bind,ro /usr/share /mnt/share
  [ -d /mnt/empty ] || mkdir -p -m 0711 /mnt/empty          # mounts, 8:5
  [ -L /mnt/link ] || ln -s share /mnt/link                 # mounts, 9:5
  mount -t proc -o nosuid,nodev,noexec proc /proc           # mount-proc, 4:13
  if [ -d /proc/kcore ]; then mount -t tmpfs -o ro,nosuid,nodev,noexec,mode=0755 tmpfs /proc/kcore; elif [ -e /proc/kcore ]; then mount --bind /dev/null /proc/kcore; fi  # masked-paths, 10:16
  if [ -d /sys/firmware ]; then mount -t tmpfs -o ro,nosuid,nodev,noexec,mode=0755 tmpfs /sys/firmware; elif [ -e /sys/firmware ]; then mount --bind /dev/null /sys/firmware; fi  # masked-paths, 10:29
  mount -o remount,bind,ro /                                # read-only-root, 11:17
  exec env --chdir=/mnt PIDNS_NAME=mounts-for-a-script PIDNS_PATH=/ /bin/sh -eu -c 'stat -c '\''%A %F %N'\'' share empty link
touch /here 2>/dev/null || echo the root is read-only
'
  ;;
esac
END
)
exec unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
