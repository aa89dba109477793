#!/bin/sh
# spec.yaml: what `pidns run` does, in commands of util-linux and the like
# complete: yes
set -eu
steps=$(cat <<'END'
set -eu
mktemp() { # elsewhere, where a node around this one can't write to /tmp
  command mktemp "$@" 2>/dev/null || command mktemp -p /dev/shm "$@"
}
make_folder() { # PATH MODE
  [ -e "$1" ] || (umask 022 && mkdir -p -m "$2" "$1")
}
inside() { # ROOT PATH: links in the path are followed as they would be in that root
  at='' rest=${2#/}
  while [ -n "$rest" ]; do
    name=${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
    case $name in
    '' | .) ;;
    ..) at=${at%/*} ;;
    *) if [ -L "$1$at/$name" ]; then
      link=$(readlink "$1$at/$name")
      case $link in /*) at='' ;; esac
      rest=$link${rest:+/$rest}
    else
      at=$at/$name
    fi ;;
    esac
  done
  echo "$1$at"
}
make_like() { # FOLDER OTHER; an owner that is not mapped here can't be given
  chown --reference="$1" "$2" 2>/dev/null || :
  chmod --reference="$1" "$2"
}
cover() ( # LOWER TARGET: as one overlay, or where mounts below are locked as many
  [ -x "$1/." ] || exit 0
  upper=$(mktemp -d "$scratch/XXXXXX") work=$(mktemp -d "$scratch/XXXXXX")
  make_like "$1" "$upper"
  layers=lowerdir=.,upperdir=$upper,workdir=$work$attributes
  (cd "$1" && mount -t overlay -o "$layers" overlay "$2" 2>/dev/null) && exit
  [ "$2" != "$root" ] || mount -t tmpfs tmpfs "$2"
  make_like "$1" "$2"
  for each in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -L "$each" ]; then
      ln -s -- "$(readlink "$each")" "$2/${each##*/}"
    elif [ -d "$each" ]; then
      mkdir "$2/${each##*/}"
      mountpoint -q "$each" || cover "$each" "$2/${each##*/}"
    elif [ -e "$each" ]; then
      : >"$2/${each##*/}"
      mount --bind "$each" "$2/${each##*/}"
      mount -o remount,bind,ro "$2/${each##*/}"
    fi
  done
)
copy_of() { # FOLDER: another one, what is written to which goes to a tmpfs
  scratch=$(mktemp -d) root=$(mktemp -d)
  mount -t tmpfs -o mode=0755 tmpfs "$scratch"
  case $(readlink /proc/self/ns/user) in
  *4026531837*) attributes='' ;;
  *) attributes=,userxattr ;; # who is not root of the machine can write no trusted ones
  esac
  cover "$1" "$root"
  umount -l "$scratch"
  rmdir "$scratch"
  echo "$root"
}
case $1 in
2) # /
  root=$(copy_of /specs/rootfs)                             # root, 3:7
  scratch=$(mktemp -d)                                      # mounts, 5:5
  mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs "$scratch"
  for name in null zero full random urandom tty; do
    : >"$scratch/$name"
    mount --bind /dev/"$name" "$scratch/$name"
  done
  mkdir -m 0755 "$scratch/pts" "$scratch/shm"
  mount -t devpts -o nosuid,noexec,ptmxmode=0666 devpts "$scratch/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$scratch/shm"
  ln -s /proc/self/fd "$scratch/fd"
  ln -s /proc/self/fd/0 "$scratch/stdin"
  ln -s /proc/self/fd/1 "$scratch/stdout"
  ln -s /proc/self/fd/2 "$scratch/stderr"
  ln -s /proc/kcore "$scratch/core"
  ln -s pts/ptmx "$scratch/ptmx"
  make_folder "$(inside "$root" /dev)" 0755
  mount --rbind "$scratch" "$(inside "$root" /dev)"
  umount -l "$scratch"
  rmdir "$scratch"
  make_folder "$(inside "$root" /proc)" 0755                # mount-proc, 6:13
  mount -t proc -o nosuid,nodev,noexec proc "$(inside "$root" /proc)"
  mount --rbind "$root" /                                   # command, 7:10
  umount -l "$root"; rmdir "$root" 2>/dev/null || :
  exec env PIDNS_NAME=own-root PIDNS_PATH=/ /usr/bin/nsenter --root=/.. --wd="$([ -x /../home/somebody/. ] && echo /../home/somebody || echo /..)" -- sh
  ;;
esac
END
)
exec unshare --pid --mount --kill-child=SIGKILL --propagation private -- /bin/sh -euc "$steps" sh 2 "$steps"
