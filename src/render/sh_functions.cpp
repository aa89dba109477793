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
    Function{"mount_by_kernel", R"sh(mount_by_kernel() { # mount(8) is for root; the kernel asks for a capability
  mount() {
    perl -MPOSIX=uname -MCwd=abs_path -e "$machine" -e '
      my %sets = (ro => 1, nosuid => 2, nodev => 4, noexec => 8, remount => 32, nosymfollow => 256, noatime => 1024,
                  nodiratime => 2048, bind => 4096, rbind => 4096 | 16384, relatime => 1 << 21, strictatime => 1 << 24);
      my %clears = (rw => 1, suid => 2, dev => 4, exec => 8, symfollow => 256, diratime => 2048, defaults => 0);
      my %shares = (unbindable => 1 << 17, private => 1 << 18, slave => 1 << 19, shared => 1 << 20);
      my ($type, @words, @operands, @data);
      while (defined(my $word = shift)) {
        if ($word eq "-t") { $type = shift }
        elsif ($word eq "-o") { push @words, split /(?<!\\),/, shift }
        elsif ($word =~ /^--(?:make-)?(.*)/) { push @words, $1 }
        else { push @operands, $word }
      }
      my ($set, $clear, $share) = (0, 0, 0);
      for (@words) {
        if (exists $sets{$_}) { $set |= $sets{$_}; $clear &= ~$sets{$_} }
        elsif (exists $clears{$_}) { $clear |= $clears{$_}; $set &= ~$clears{$_} }
        elsif (/^(r?)(.*)/ and exists $shares{$2}) { $share = $shares{$2} | ($1 ? 16384 : 0) }
        else { push @data, $_ }
      }
      my $target = pop @operands;
      my $source = shift(@operands) // "none";
      sub call { my @words = @_; syscall((165, 40)[$machine], @words) != -1 or die "mount $target: $!\n" }
      my $bind = $set & (4096 | 16384);
      my $attributes = $set & ~(32 | $bind);
      if (not $set & 32 and ($bind or defined $type)) {
        call($source, $target, $type // 0, $bind || $attributes, @data ? join(",", @data) : 0);
      }
      if ($set & 32 or $bind and $attributes | $clear) {
        my ($path, $has) = (abs_path($target), 0);
        open my $mounts, "<", "/proc/self/mountinfo" or die "mountinfo: $!\n";
        while (my $line = <$mounts>) {
          my ($at, $options) = (split " ", $line)[4, 5];
          $at =~ s/\\([0-7]{3})/chr oct $1/ge;
          next if $at ne $path;
          $has = 0;
          $has |= $sets{$_} // 0 for split /,/, $options;
        }
        $has &= ~(1024 | 1 << 21) if $attributes & (1024 | 1 << 21 | 1 << 24);
        call("none", $target, 0, 32 | 4096 | $has & ~$clear | $attributes, 0);
      }
      call("none", $target, 0, $share, 0) if $share;' -- "$@"
  }
  umount() { # -l PATH
    perl -MPOSIX=uname -e "$machine" -e '
      syscall((166, 39)[$machine], $ARGV[1], 2) != -1 or die "umount $ARGV[1]: $!\n"' -- "$@"
  }
}
)sh"},
    Function{"enter_root", R"sh(enter_root='
  # KEY=VALUE... -- COMMAND...: what no program is asked for that would be looked for in the new root
  my %numbers = (prctl => [157, 167], capget => [125, 90], capset => [126, 91], setgroups => [116, 159],
                 setresgid => [119, 149], setresuid => [117, 147]);
  sub fail { print STDERR "@_: $!\n"; exit 125 }
  sub try { my $name = shift; syscall($numbers{$name}[$machine], @_) }
  sub call { try(@_) != -1 or fail($_[0]) }
  sub id { my ($name, $find) = @_; $name =~ /\D/ ? $find->($name) // fail($name) : $name + 0 }
  sub prctl { call("prctl", @_, (0) x (5 - @_)) }
  my %is;
  while ((my $word = shift) ne "--") { my ($key, $value) = split /=/, $word, 2; $is{$key} = $value }
  chdir $is{cwd} or fail($is{cwd});
  chroot $is{root} or fail($is{root});
  prctl(8, 1) if exists $is{capabilities};  # PR_SET_KEEPCAPS
  if (exists $is{groups}) {
    my @groups = map { id($_, sub { getgrnam shift }) } split /,/, $is{groups};
    try("setgroups", scalar @groups, pack("L*", @groups)) != -1 or $is{"groups-may-stay"} or fail("setgroups");
  }
  my ($uid, $gid) = @is{"uid", "gid"};
  if (defined $uid and $uid =~ /\D/) {
    my @user = getpwnam $uid or fail($uid);
    ($uid, $gid) = ($user[2], $gid // $user[3]);
  }
  if (defined $gid) { $gid = id($gid, sub { getgrnam shift }); call("setresgid", $gid, $gid, $gid) }
  if (defined $uid) { $uid += 0; call("setresuid", $uid, $uid, $uid) }
  my ($header, $sets) = (pack("LL", 0x20080522, 0), "\0" x 24);
  call("capget", $header, $sets);
  my (undef, $low, undef, undef, $high) = unpack "L6", $sets;
  if (exists $is{capabilities}) {
    my $all = $is{capabilities} eq "all";
    my $keep = $all ? $high << 32 | $low : $is{capabilities} + 0;
    call("capset", $header, pack("L6", $low, $low, 0, $high, $high, 0));
    for my $number (0 .. 63) {
      my $is_bounding = try("prctl", 23, $number, 0, 0, 0);
      last if $is_bounding == -1;
      prctl(24, $number) if $is_bounding and not $all and not $keep >> $number & 1;
    }
    call("capset", $header, pack("L6", ($keep & 0xffffffff) x 3, ($keep >> 32) x 3));
    prctl(47, 4);  # PR_CAP_AMBIENT
    $keep >> $_ & 1 and prctl(47, 2, $_) for 0 .. 63;
  } elsif (exists $is{inheritable}) {
    call("capset", $header, pack("L6", $low, $low, 0, $high, $high, 0));
    prctl(47, 4);
  }
  prctl(1, $is{pdeathsig} + 0) if exists $is{pdeathsig};
  delete $ENV{PERL_BADLANG};
  my $program = my $name = shift;
  if ($name !~ m(/) and not exists $ENV{PATH}) {
    -x "$_/$name" and not -d _ and $program = "$_/$name", last
      for qw(/usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin);
  }
  exec {$program} $is{argv0} // $name, @ARGV;
  print STDERR "$name: $!\n";
  exit($!{ENOENT} ? 127 : 126)'
)sh"},
    Function{"set_name", R"sh(set_name() { # hostname|domainname NAME: hostname(1) takes only names that a net knows
  perl -MPOSIX=uname -e "$machine" -e '
    my ($which, $name) = @ARGV;
    my $number = {hostname => [170, 161], domainname => [171, 162]}->{$which}[$machine];
    syscall($number, $name, length $name) == 0 or die "$which: $!\n"' -- "$@"
}
)sh"},
    Function{"become_subreaper", R"sh(become_subreaper() { # -- COMMAND...
  exec perl -MPOSIX=uname -e "$machine" -e '
    syscall((157, 167)[$machine], 36, 1, 0, 0, 0) == 0 or die "prctl: $!\n";
    exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\n"' "$@"
}
)sh"},
    Function{"shift_clocks", R"sh(shift_clocks() { # OFFSET... -- COMMAND...: unshare(1) knows whole seconds only
  exec perl -MPOSIX=uname -e "$machine" -e '
    syscall((272, 97)[$machine], 0x80) == 0 or die "unshare: $!\n";
    open my $offsets, ">", "/proc/self/timens_offsets" or die "timens_offsets: $!\n";
    while ((my $line = shift) ne "--") { print $offsets "$line\n" }
    close $offsets or die "timens_offsets: $!\n";
    exec {$ARGV[0]} @ARGV or die "$ARGV[0]: $!\n"' -- "$@"
}
)sh"},
    Function{"machine", R"sh(machine='# which numbers its system calls have
  my $machine = {x86_64 => 0, aarch64 => 1, riscv64 => 1, loongarch64 => 1}->{(uname)[4]};
  defined $machine or print STDERR "the system calls of this machine are not known here\n" and exit 125;'
)sh"},
    Function{"make_read_only", R"sh(make_read_only() { # PATH, with all that is mounted below it
  [ -e "$1" ] || return 0
  mount --rbind "$1" "$1" 2>/dev/null || :
  each_mount "$1" ro
}
)sh"},
    Function{"each_mount", R"sh(each_mount() { # PATH OPTIONS: mount(8) sets options on one mount at a time
  mounts=$(findmnt -Rnlo TARGET "$1")
  printf '%s\n' "$mounts" | while IFS= read -r at; do
    ! mountpoint -q "$at" || mount -o "remount,bind,$2" "$at" # it may be hidden by another one
  done
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
  [ -e "$1" ] || (umask 022 && mkdir -p -m "$2" "$1")
}
)sh"},
    Function{"make_file", R"sh(make_file() { # PATH MODE
  [ -e "$1" ] || (umask 022 && mkdir -p "${1%/*}/" && : >"$1" && chmod "$2" "$1")
}
)sh"},
    Function{"mktemp", R"sh(mktemp() { # elsewhere, where a node around this one can't write to /tmp
  command mktemp "$@" 2>/dev/null || command mktemp -p /dev/shm "$@"
}
)sh"},
};

bool calls(const std::string& lines, std::string_view name) {
  for (std::size_t at = lines.find(name); at != std::string::npos; at = lines.find(name, at + 1)) {
    const char before = at == 0 ? '\n' : lines[at - 1];
    if ((before == ' ' || before == '(' || before == '\n') && lines.compare(at + name.size(), 1, " ") == 0) return true;
    if (before == '$' && lines.compare(at + name.size(), 1, "\"") == 0) return true;
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
