/// Ids: P501 and on.

#include "explain/pages.h"

namespace pidns {
namespace {

using Setting = Page::Setting;

// clang-format off
constexpr Page pages[] = {
    {Code::bad_id_map,
     "A map is one to one: no id may stand in two extents, inside or outside. It has at most 340 extents, and ids "
     "end at 4294967294, since the last number of 32 bits means no id. The kernel refuses any other map with "
     "EINVAL.",
     R"(pidns: 1
unshare: [user]
uid-map:
  - {inside: 0, outside: 1000, count: 10}
  - {inside: 5, outside: 2000, count: 10}
command: [id]
)",
     R"(pidns: 1
unshare: [user]
uid-map:
  - {inside: 0, outside: 1000, count: 10}
  - {inside: 10, outside: 2000, count: 10}
command: [id]
)",
     "user_namespaces(7), \"User and group ID mappings: uid_map and gid_map\"", Setting::root},
    {Code::not_outside,
     "`outside` is counted in the user namespace around this one, and can only name ids that exist there. By "
     "default that one maps a single id, 0. An extent also has to lie in one extent of the outer map.",
     R"(pidns: 1
unshare: [user]
namespaces:
  inner:
    unshare: [user]
    uid-map: [{inside: 0, outside: 1000, count: 1}]
    command: [id]
)",
     R"(pidns: 1
unshare: [user]
namespaces:
  inner:
    unshare: [user]
    uid-map: [{inside: 0, outside: 0, count: 1}]
    command: [id]
)",
     "user_namespaces(7), \"User and group ID mappings: uid_map and gid_map\"", Setting::root},
    {Code::auto_nested,
     "/etc/subuid and /etc/subgid lend ids of the outermost namespace to a user of the machine. Inside another "
     "user namespace those numbers mean other ids, or none, and newuidmap cannot write there. `all` takes every id "
     "that the outer map holds.",
     R"(pidns: 1
unshare: [user]
namespaces:
  inner:
    unshare: [user]
    uid-map: auto
    command: [id]
)",
     R"(pidns: 1
unshare: [user]
namespaces:
  inner:
    unshare: [user]
    uid-map: all
    command: [id]
)",
     "newuidmap(1), subuid(5)", Setting::root},
    {Code::nobody_mapped,
     "Without a map every id inside is the overflow id 65534, nobody is root there, and no file can be made in a "
     "filesystem of the namespace. That is of use to look at the kernel, and seldom else.",
     R"(pidns: 1
unshare: [user]
uid-map: none
command: [id]
)",
     R"(pidns: 1
unshare: [user]
uid-map: root
command: [id]
)",
     "user_namespaces(7), \"Unmapped user and group IDs\"", Setting::root},
    {Code::no_subordinates,
     "`auto` maps the caller to 0 and the caller's subordinate ids from 1 on. A line of /etc/subuid (for groups "
     "/etc/subgid) lends them: `NAME:100000:65536`. There is none for this caller. `usermod --add-subuids` adds "
     "one.",
     R"(pidns: 1
unshare: [user]
uid-map: auto
command: [id]
)",
     R"(pidns: 1
unshare: [user]
uid-map: root
command: [id]
)",
     "subuid(5), newuidmap(1), usermod(8)", Setting::anybody},
    {Code::id_not_mapped,
     "A process can only take an id that its user namespace maps; to setresuid(2) any other does not exist. The "
     "default map holds id 0 alone.",
     R"(pidns: 1
unshare: [user]
uid: 33
command: [id]
)",
     R"(pidns: 1
unshare: [user]
uid-map: [{inside: 0, outside: 0, count: 100}]
gid-map: [{inside: 0, outside: 0, count: 100}]
uid: 33
command: [id]
)",
     "user_namespaces(7), setresuid(2) EINVAL", Setting::root},
    {Code::setgroups_denied,
     "Dropping a group may give access, where a file denies it to that group. So a caller without CAP_SETGID can "
     "write a group map only once setgroups(2) is denied, and what is denied in a user namespace is denied in all "
     "below it.",
     R"(pidns: 1
unshare: [user]
setgroups: deny
namespaces:
  inner:
    unshare: [user]
    setgroups: allow
    command: [id]
)",
     R"(pidns: 1
unshare: [user]
setgroups: allow
namespaces:
  inner:
    unshare: [user]
    setgroups: allow
    command: [id]
)",
     "user_namespaces(7), \"Interaction with system calls that change process UIDs or GIDs\"", Setting::root},
    {Code::groups_denied,
     "In a user namespace that denies setgroups(2) nobody can change or drop supplementary groups: the processes "
     "keep those of the caller.",
     R"(pidns: 1
unshare: [user]
setgroups: deny
groups: [0]
command: [id]
)",
     R"(pidns: 1
unshare: [user]
setgroups: allow
groups: [0]
command: [id]
)",
     "user_namespaces(7), setgroups(2)", Setting::root},
    {Code::groups_stay,
     "A process that takes another uid or gid should not keep the groups of who started it, and pidns drops them. "
     "Here the user namespace denies setgroups(2), so they stay, and with them the access that they give.",
     R"(pidns: 1
unshare: [user]
setgroups: deny
gid: 0
command: [id]
)",
     R"(pidns: 1
unshare: [user]
setgroups: allow
gid: 0
command: [id]
)",
     "user_namespaces(7), setgroups(2)", Setting::root},
    {Code::nobody_makes_user,
     "Who makes a user namespace becomes its owner, by uid and gid. A process whose ids are not mapped where it is "
     "has none to give, and the kernel refuses.",
     R"(pidns: 1
unshare: [user]
uid-map: [{inside: 7, outside: 100000, count: 1}]
namespaces:
  inner:
    unshare: [user]
    command: [id]
)",
     R"(pidns: 1
unshare: [user]
uid-map: [{inside: 7, outside: 0, count: 1}]
namespaces:
  inner:
    unshare: [user]
    command: [id]
)",
     "user_namespaces(7), unshare(2) EPERM", Setting::root},
    {Code::ids_need_privilege,
     "Another uid takes CAP_SETUID, another gid or other groups CAP_SETGID. `uid` and `gid` drop the supplementary "
     "groups of the caller, unless `groups` names others, and that takes CAP_SETGID, too. In a user namespace of "
     "its own a process has both.",
     R"(pidns: 1
uid: 1
command: [id]
)",
     R"(pidns: 1
unshare: [user]
command: [id]
)",
     "setresuid(2), setgroups(2), capabilities(7)", Setting::anybody},
    {Code::not_lent,
     "Without privilege a process maps one id: its own. More go through newuidmap and newgidmap, which allow the "
     "ranges that /etc/subuid and /etc/subgid lend to the caller.",
     R"(pidns: 1
unshare: [user]
uid-map: [{inside: 0, outside: 0, count: 1}]
command: [id]
)",
     R"(pidns: 1
unshare: [user]
uid-map: root
command: [id]
)",
     "newuidmap(1), subuid(5)", Setting::anybody},
};
// clang-format on

}  // namespace

std::span<const Page> pages_of_ids() noexcept { return pages; }

}  // namespace pidns
