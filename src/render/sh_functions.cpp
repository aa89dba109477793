/// What several lines of a script do alike, as functions of the shell at its head.

#include <array>

#include "render/sh_parts.h"

namespace pidns::sh {
namespace {

struct Function {
  std::string_view name;
  std::string_view text;
};

// Each after those that use it: they are looked through in this order, and printed the other way round.
constexpr std::array functions{
    Function{"shift_clocks", R"sh(shift_clocks() { # OFFSET... -- COMMAND...: unshare(1) knows whole seconds only
  exec perl -MPOSIX=uname -e '
    my $unshare = {x86_64 => 272, i686 => 310, armv7l => 337, ppc64le => 282, s390x => 303}->{(uname)[4]} // 97;
    syscall($unshare, 0x80) == 0 or die "unshare: $!\n";
    open my $offsets, ">", "/proc/self/timens_offsets" or die "timens_offsets: $!\n";
    while ((my $line = shift) ne "--") { print $offsets "$line\n" }
    close $offsets or die "timens_offsets: $!\n";
    exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\n"' -- "$@"
}
)sh"},
    Function{"make_read_only", R"sh(make_read_only() { # PATH, with all that is mounted below it
  [ -e "$1" ] || return 0
  mount --rbind "$1" "$1" 2>/dev/null || :
  each_mount "$1" ro
}
)sh"},
    Function{"each_mount", R"sh(each_mount() { # PATH OPTIONS: mount(8) sets options on one mount at a time
  mounts=$(findmnt -Rnlo TARGET "$1")
  printf '%s\n' "$mounts" | while IFS= read -r at; do mount -o "remount,bind,$2" "$at"; done
}
)sh"},
    Function{"mask", R"sh(mask() { # PATH
  if [ -d "$1" ]; then
    mount -t tmpfs -o nosuid,nodev,noexec,mode=0755 tmpfs "$1"
    mount -o remount,bind,ro "$1"
  elif [ -e "$1" ]; then
    mount --bind /dev/null "$1"
  fi
}
)sh"},
    Function{"copy_of", R"sh(copy_of() { # FOLDER: another one, what is written to which goes to a tmpfs
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
)sh"},
    Function{"cover", R"sh(cover() ( # LOWER TARGET: as one overlay, or where mounts below are locked as many
  [ -x "$1/." ] || exit 0
  upper=$(mktemp -d "$scratch/XXXXXX") work=$(mktemp -d "$scratch/XXXXXX")
  make_like "$1" "$upper"
  layers=lowerdir=.,upperdir=$upper,workdir=$work$attributes
  (cd "$1" && exec mount -t overlay -o "$layers" overlay "$2" 2>/dev/null) && exit
  [ "$2" != "$root" ] || mount -t tmpfs tmpfs "$2"
  make_like "$1" "$2"
  for each in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -L "$each" ]; then
      ln -s "$(readlink "$each")" "$2/${each##*/}"
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
)sh"},
    Function{"make_like", R"sh(make_like() { # FOLDER OTHER; an owner that is not mapped here can't be given
  chown --reference="$1" "$2" 2>/dev/null || :
  chmod --reference="$1" "$2"
}
)sh"},
    Function{"inside", R"sh(inside() { # ROOT PATH: links in the path are followed as they would be in that root
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
)sh"},
    Function{"make_target", R"sh(make_target() { # SOURCE PATH [MODE]: what the source can be bound on
  if [ -d "$1" ]; then make_folder "$2" "${3-0755}"; else make_file "$2" "${3-0644}"; fi
}
)sh"},
    Function{"make_folder", R"sh(make_folder() { # PATH MODE
  [ -e "$1" ] || (umask 022 && mkdir -p "${1%/*}/" && mkdir -m "$2" "$1")
}
)sh"},
    Function{"make_file", R"sh(make_file() { # PATH MODE
  [ -e "$1" ] || (umask 022 && mkdir -p "${1%/*}/" && : >"$1" && chmod "$2" "$1")
}
)sh"},
};

bool calls(const std::string& lines, std::string_view name) {
  for (std::size_t at = lines.find(name); at != std::string::npos; at = lines.find(name, at + 1)) {
    const bool begins = at == 0 || lines[at - 1] == ' ' || lines[at - 1] == '(' || lines[at - 1] == '\n';
    if (begins && lines.compare(at + name.size(), 1, " ") == 0) return true;
  }
  return false;
}

}  // namespace

std::string indented(const std::string& text, std::size_t blanks) {
  std::string lines(blanks, ' ');
  for (const char c : text) {
    lines += c;
    if (c == '\n') lines.append(blanks, ' ');
  }
  return lines;
}

std::string functions_of(const std::string& lines) {
  std::string text;
  for (const Function& function : functions)
    if (calls(text, function.name) || calls(lines, function.name)) text = std::string(function.text) + text;
  return text;
}

}  // namespace pidns::sh
