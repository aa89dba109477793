/// Mounts: P401 and on.

#include "explain/pages.h"

namespace pidns {
namespace {

using Setting = Page::Setting;

// clang-format off
constexpr Page pages[] = {
    {Code::outer_proc,
     "A procfs shows the pid namespace in which it was mounted, whoever looks at it. A new pid namespace changes "
     "what getpid(2) says, but /proc stays the old one: ps shows the processes outside, with pids that mean "
     "nothing here, and /proc/self may lead nowhere. `mount-proc` mounts a fresh one. Where the old one is wanted, "
     "`mount-proc: false` says so.",
     R"(pidns: 1
unshare: [pid]
command: [ps, -e]
)",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
command: [ps, -e]
)",
     "pid_namespaces(7), \"/proc and PID namespaces\"", Setting::root},
    {Code::mounts_escape,
     "Where `/` is shared, as systemd makes it, mounts travel between the members of its peer group, and a new "
     "mount namespace begins as a member. What is mounted inside appears outside, and stays there when the node "
     "has ended. `private` keeps both sides apart; with `slave` mounts come in but do not go out.",
     R"(pidns: 1
unshare: [mount]
propagation: shared
command: [mount, -t, tmpfs, tmpfs, /mnt]
)",
     R"(pidns: 1
unshare: [mount]
propagation: slave
command: [mount, -t, tmpfs, tmpfs, /mnt]
)",
     "mount_namespaces(7), \"Shared subtrees\"", Setting::root},
    {Code::root_shared,
     "`root` is a pivot_root(2), which refuses to move a root whose mount, or whose parent mount, is shared: the "
     "change would travel to other mount namespaces.",
     R"(pidns: 1
unshare: [mount]
propagation: shared
root: {type: tmpfs}
command: [/bin/true]
)",
     R"(pidns: 1
unshare: [mount]
propagation: slave
root: {type: tmpfs}
command: [/bin/true]
)",
     "pivot_root(2), EINVAL; mount_namespaces(7)", Setting::root},
    {Code::mount_hides,
     "Mounts are made in the order written, each on top of what is there: one on `/srv` hides what was mounted on "
     "`/srv/data` before. The outer one comes first.",
     R"(pidns: 1
unshare: [mount]
mounts:
  - {type: tmpfs, target: /tmp/a, create: true}
  - {type: tmpfs, target: /tmp}
command: [findmnt]
)",
     R"(pidns: 1
unshare: [mount]
mounts:
  - {type: tmpfs, target: /tmp}
  - {type: tmpfs, target: /tmp/a, create: true}
command: [findmnt]
)",
     "mount(2), path_resolution(7)", Setting::root},
    {Code::not_owned,
     "A procfs shows a pid namespace, a sysfs a net namespace, an mqueue an ipc namespace. Each namespace belongs "
     "to the user namespace in which it was made, and only who has CAP_SYS_ADMIN there may mount what shows it. "
     "Root of a new user namespace has it for what was made at that level or below, not for the machine's.",
     R"(pidns: 1
unshare: [user, mount]
mounts: [{type: sysfs, target: /sys}]
command: [ls, /sys/class/net]
)",
     R"(pidns: 1
unshare: [user, mount, net]
mounts: [{type: sysfs, target: /sys}]
command: [ls, /sys/class/net]
)",
     "user_namespaces(7), \"Interaction of user namespaces and other types of namespaces\"", Setting::root},
    {Code::never_in_user,
     "Few filesystems may be mounted in a user namespace (FS_USERNS_MOUNT): those that read a device trust what "
     "stands on it, and devtmpfs holds the devices themselves. A tmpfs, a bind of what is mounted outside, and the "
     "small /dev of `type: dev` may.",
     R"(pidns: 1
unshare: [user, mount]
mounts: [{type: devtmpfs, target: /dev}]
command: [ls, /dev]
)",
     R"(pidns: 1
unshare: [user, mount]
mounts: [{type: dev, target: /dev}]
command: [ls, /dev]
)",
     "user_namespaces(7), mount(2) EPERM", Setting::root},
    {Code::proc_hidden,
     "Whoever hides a part of /proc, as containers do, must be able to rely on it: so the kernel lets a user "
     "namespace mount a fresh procfs only where a wholly visible one is mounted already. `subset` does not help. "
     "Take the cover away around it, or the fresh procfs here.",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
masked-paths: [/proc/sys]
namespaces:
  inner:
    unshare: [user, pid, mount]
    mount-proc: true
    command: [ps, -e]
)",
     R"(pidns: 1
unshare: [pid, mount]
mount-proc: true
namespaces:
  inner:
    unshare: [user, pid, mount]
    mount-proc: true
    command: [ps, -e]
)",
     "mount_namespaces(7), \"Restrictions on mount namespaces\"", Setting::root},
    {Code::unmapped_option,
     "`gid=5` gives new terminals of a devpts to the group tty, and `uid=` and `gid=` say whose a tmpfs is. Inside a "
     "user namespace the number is looked up in its map, and one that is not there means nobody: the mount is "
     "refused.",
     R"(pidns: 1
unshare: [user, mount]
mounts: [{type: devpts, target: /dev/pts, options: [gid=5]}]
command: [ls, /dev/pts]
)",
     R"(pidns: 1
unshare: [user, mount]
mounts: [{type: devpts, target: /dev/pts}]
command: [ls, /dev/pts]
)",
     "user_namespaces(7), mount(2) EINVAL", Setting::root},
    {Code::wrong_mount_word,
     "A bind shows a filesystem that is mounted already: it takes the words of the mount itself (`ro`, `nosuid`, "
     "`noexec`, `rbind`), but none that would set the filesystem up, such as `size=`. `rbind` in turn is said of "
     "nothing but a bind.",
     R"(pidns: 1
unshare: [mount]
mounts: [{type: bind, source: /usr, target: /mnt, options: [size=10m]}]
command: [ls, /mnt]
)",
     R"(pidns: 1
unshare: [mount]
mounts: [{type: tmpfs, target: /mnt, options: [size=10m]}]
command: [ls, /mnt]
)",
     "mount(8), mount(2) EINVAL", Setting::root},
    {Code::nobody_makes_files,
     "A node whose map holds neither the id of its maker nor 0 is set up by nobody. A new root, a `dev` and a "
     "`file` are made of files in a filesystem of the node's own, and a file needs an owner that is mapped there.",
     R"(pidns: 1
unshare: [user, mount]
uid-map: [{inside: 7, outside: 100000, count: 1}]
mounts: [{type: dev, target: /dev}]
command: [ls, /dev]
)",
     R"(pidns: 1
unshare: [user, mount]
uid-map: [{inside: 0, outside: 100000, count: 1}]
mounts: [{type: dev, target: /dev}]
command: [ls, /dev]
)",
     "user_namespaces(7), EOVERFLOW", Setting::root},
    {Code::sysfs_hidden,
     "As with /proc: a user namespace mounts a fresh sysfs only where one is mounted around it already, and "
     "nothing hides a part of that. A root that is made new has none until it is mounted there.",
     R"(pidns: 1
unshare: [mount]
masked-paths: [/sys/kernel]
namespaces:
  inner:
    unshare: [user, mount, net]
    mounts: [{type: sysfs, target: /sys}]
    command: [ls, /sys/class/net]
)",
     R"(pidns: 1
unshare: [mount]
namespaces:
  inner:
    unshare: [user, mount, net]
    mounts: [{type: sysfs, target: /sys}]
    command: [ls, /sys/class/net]
)",
     "mount_namespaces(7), \"Restrictions on mount namespaces\"", Setting::root},
};
// clang-format on

}  // namespace

std::span<const Page> pages_of_mounts() noexcept { return pages; }

}  // namespace pidns
