#pragma once

/// System calls without a library in between: usable in a forked child, and in one that runs in its
/// maker's memory. Nothing here allocates, locks or touches errno: a result from -4095 to -1 is a
/// negated errno. One thin function a call, named as in the manual's section 2.

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

namespace pidns::raw {

#if defined(__x86_64__)
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) noexcept {
  long result = 0;
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}
#else
/// Elsewhere through the C library: errno of a child that shares memory is then written, while its
/// maker sleeps in clone(2), and given back.
inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) noexcept {
  const int before = errno;
  long result = ::syscall(number, a, b, c, d, e, f);
  if (result == -1) result = -errno;
  errno = before;
  return result;
}
#endif

inline long ptr(const void* p) noexcept { return reinterpret_cast<long>(p); }
/// The errno of a result, 0 where it succeeded.
inline int error_of(long result) noexcept { return result < 0 && result >= -4095 ? static_cast<int>(-result) : 0; }

/// The kernel's signal set: 64 bits, signal n is bit n-1. (The C library's is 1,024 bits.)
using SignalSet = std::uint64_t;
inline constexpr SignalSet all_signals = ~SignalSet{0};
constexpr SignalSet signal_bit(int number) noexcept { return SignalSet{1} << (number - 1); }

/// The kernel's struct sigaction, without a restorer: only for SIG_DFL and SIG_IGN.
struct SignalAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  SignalSet mask;
};

[[noreturn]] inline void exit_group(int status) noexcept {
  for (;;) call(SYS_exit_group, status);
}
inline int getpid() noexcept { return static_cast<int>(call(SYS_getpid)); }
inline int getppid() noexcept { return static_cast<int>(call(SYS_getppid)); }
inline long kill(int pid, int number) noexcept { return call(SYS_kill, pid, number); }
inline long sigprocmask(int how, const SignalSet* set, SignalSet* old) noexcept {
  return call(SYS_rt_sigprocmask, how, ptr(set), ptr(old), sizeof(SignalSet));
}
inline long sigaction(int number, const SignalAction* action, SignalAction* old) noexcept {
  return call(SYS_rt_sigaction, number, ptr(action), ptr(old), sizeof(SignalSet));
}
inline long sigtimedwait(const SignalSet* set, siginfo_t* info, const timespec* timeout) noexcept {
  return call(SYS_rt_sigtimedwait, ptr(set), ptr(info), ptr(timeout), sizeof(SignalSet));
}
inline long sigqueueinfo(int pid, int number, siginfo_t* info) noexcept {
  return call(SYS_rt_sigqueueinfo, pid, number, ptr(info));
}
inline long waitid(int type, int id, siginfo_t* info, int options) noexcept {
  return call(SYS_waitid, type, id, ptr(info), options, 0);
}
inline long prctl(int option, unsigned long a = 0, unsigned long b = 0, unsigned long c = 0,
                  unsigned long d = 0) noexcept {
  return call(SYS_prctl, option, static_cast<long>(a), static_cast<long>(b), static_cast<long>(c),
              static_cast<long>(d));
}
inline long pidfd_open(int pid) noexcept { return call(SYS_pidfd_open, pid, 0); }
inline long poll(pollfd* set, unsigned count, const timespec* timeout) noexcept {
  return call(SYS_ppoll, ptr(set), count, ptr(timeout), 0, sizeof(SignalSet));
}
inline long clock_gettime(int clock, timespec* now) noexcept { return call(SYS_clock_gettime, clock, ptr(now)); }

inline long openat(int dir, const char* path, int flags, unsigned mode = 0) noexcept {
  return call(SYS_openat, dir, ptr(path), flags, mode);
}
inline long open(const char* path, int flags, unsigned mode = 0) noexcept {
  return openat(AT_FDCWD, path, flags, mode);
}
inline long close(int descriptor) noexcept { return call(SYS_close, descriptor); }
inline long close_range(unsigned first, unsigned last, unsigned flags) noexcept {
  return call(SYS_close_range, first, last, flags);
}
inline long dup3(int from, int to, int flags) noexcept { return call(SYS_dup3, from, to, flags); }
inline long fcntl(int descriptor, int command, long argument = 0) noexcept {
  return call(SYS_fcntl, descriptor, command, argument);
}
inline long read(int descriptor, void* data, std::size_t size) noexcept {
  return call(SYS_read, descriptor, ptr(data), static_cast<long>(size));
}
inline long write(int descriptor, const void* data, std::size_t size) noexcept {
  return call(SYS_write, descriptor, ptr(data), static_cast<long>(size));
}
inline long send(int descriptor, const void* data, std::size_t size, int flags) noexcept {
  return call(SYS_sendto, descriptor, ptr(data), static_cast<long>(size), flags, 0, 0);
}
inline long ioctl(int descriptor, unsigned long request, const void* argument) noexcept {
  return call(SYS_ioctl, descriptor, static_cast<long>(request), ptr(argument));
}
inline long socket(int domain, int type, int protocol) noexcept { return call(SYS_socket, domain, type, protocol); }

inline long chdir(const char* path) noexcept { return call(SYS_chdir, ptr(path)); }
inline long fchdir(int descriptor) noexcept { return call(SYS_fchdir, descriptor); }
inline long faccessat(int dir, const char* path, int mode) noexcept { return call(SYS_faccessat, dir, ptr(path), mode); }
inline long fstatat(int dir, const char* path, struct stat* out, int flags) noexcept {
  return call(SYS_newfstatat, dir, ptr(path), ptr(out), flags);
}
inline long mkdirat(int dir, const char* path, unsigned mode) noexcept {
  return call(SYS_mkdirat, dir, ptr(path), mode);
}
inline long mkdir(const char* path, unsigned mode) noexcept { return mkdirat(AT_FDCWD, path, mode); }
inline long symlink(const char* text, const char* path) noexcept {
  return call(SYS_symlinkat, ptr(text), AT_FDCWD, ptr(path));
}
inline long rmdir(const char* path) noexcept { return call(SYS_unlinkat, AT_FDCWD, ptr(path), AT_REMOVEDIR); }
inline long fchmod(int descriptor, unsigned mode) noexcept { return call(SYS_fchmod, descriptor, mode); }
inline long mount(const char* source, const char* target, const char* type, unsigned long flags,
                  const void* data) noexcept {
  return call(SYS_mount, ptr(source), ptr(target), ptr(type), static_cast<long>(flags), ptr(data));
}
/// As open(2), with every symbolic link and `..` kept inside `dir`.
inline long open_in_root(int dir, const char* path, int flags) noexcept {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT;
  // EAGAIN: something was mounted or renamed anywhere meanwhile, so that a `..` could not be vouched
  // for; openat2(2) says to try again.
  long result = -EAGAIN;
  for (int tries = 0; result == -EAGAIN && tries < 10000; ++tries)
    result = call(SYS_openat2, dir, ptr(path), ptr(&how), sizeof how);
  return result;
}
/// As openat(2), but EXDEV where `path` is a mount point.
inline long open_beneath(int dir, const char* path, int flags) noexcept {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV;
  // EAGAIN: something was mounted or renamed anywhere meanwhile, so that a `..` could not be vouched
  // for; openat2(2) says to try again.
  long result = -EAGAIN;
  for (int tries = 0; result == -EAGAIN && tries < 10000; ++tries)
    result = call(SYS_openat2, dir, ptr(path), ptr(&how), sizeof how);
  return result;
}
inline long chmod(const char* path, unsigned mode) noexcept { return call(SYS_fchmodat, AT_FDCWD, ptr(path), mode); }
inline long fchownat(int dir, const char* path, uid_t uid, gid_t gid, int flags) noexcept {
  return call(SYS_fchownat, dir, ptr(path), static_cast<long>(uid), static_cast<long>(gid), flags);
}
inline long setxattr(const char* path, const char* name, const void* value, std::size_t size) noexcept {
  return call(SYS_setxattr, ptr(path), ptr(name), ptr(value), static_cast<long>(size), 0);
}
inline long getdents64(int dir, void* out, std::size_t size) noexcept {
  return call(SYS_getdents64, dir, ptr(out), static_cast<long>(size));
}
inline long mknodat(int dir, const char* path, unsigned mode, unsigned device) noexcept {
  return call(SYS_mknodat, dir, ptr(path), mode, device);
}
inline long symlinkat(const char* text, int dir, const char* path) noexcept {
  return call(SYS_symlinkat, ptr(text), dir, ptr(path));
}
inline long readlinkat(int dir, const char* path, char* out, std::size_t size) noexcept {
  return call(SYS_readlinkat, dir, ptr(path), ptr(out), static_cast<long>(size));
}
inline long chroot(const char* path) noexcept { return call(SYS_chroot, ptr(path)); }
// The mount API of Linux 5.2: filesystems and trees as descriptors, attached by move_mount(2).
inline long fsopen(const char* type) noexcept { return call(SYS_fsopen, ptr(type), 1 /* FSOPEN_CLOEXEC */); }
inline long fsconfig(int fs, unsigned command, const char* key, const char* value) noexcept {
  return call(SYS_fsconfig, fs, command, ptr(key), ptr(value), 0);
}
inline long fsmount(int fs, unsigned attributes) noexcept {
  return call(SYS_fsmount, fs, 1 /* FSMOUNT_CLOEXEC */, attributes);
}
inline long open_tree(int dir, const char* path, unsigned flags) noexcept {
  return call(SYS_open_tree, dir, ptr(path), flags);
}
inline long move_mount(int from, int to) noexcept {
  return call(SYS_move_mount, from, ptr(""), to, ptr(""), 0x4 | 0x40 /* MOVE_MOUNT_F_, T_EMPTY_PATH */);
}
/// A procfs of this process's pid namespace that is attached nowhere: to look at it where /proc is
/// missing or counts other pids. A descriptor, or a negated errno.
inline long detached_procfs() noexcept {
  const long fs = fsopen("proc");
  if (fs < 0) return fs;
  long mount = fsconfig(static_cast<int>(fs), 6 /* FSCONFIG_CMD_CREATE */, nullptr, nullptr);
  if (mount >= 0) mount = fsmount(static_cast<int>(fs), 0);
  close(static_cast<int>(fs));
  return mount;
}
/// The kernel's struct mount_attr: mount_setattr(2), Linux 5.12.
struct MountAttributes {
  std::uint64_t set;
  std::uint64_t clear;
  std::uint64_t propagation;
  std::uint64_t userns;
};
inline long mount_setattr(int dir, unsigned flags, const MountAttributes* attributes) noexcept {
  return call(SYS_mount_setattr, dir, ptr(""), AT_EMPTY_PATH | flags, ptr(attributes), sizeof *attributes);
}
inline long umount2(const char* target, int flags) noexcept { return call(SYS_umount2, ptr(target), flags); }
inline long pivot_root(const char* now, const char* old) noexcept {
  return call(SYS_pivot_root, ptr(now), ptr(old));
}
inline long unshare(unsigned long flags) noexcept { return call(SYS_unshare, static_cast<long>(flags)); }
inline long setns(int descriptor, int kinds) noexcept { return call(SYS_setns, descriptor, kinds); }
inline long sethostname(const char* name, std::size_t size) noexcept {
  return call(SYS_sethostname, ptr(name), static_cast<long>(size));
}
inline long setdomainname(const char* name, std::size_t size) noexcept {
  return call(SYS_setdomainname, ptr(name), static_cast<long>(size));
}

inline long umask(unsigned mask) noexcept { return call(SYS_umask, mask); }
inline long setpgid(int pid, int group) noexcept { return call(SYS_setpgid, pid, group); }
inline long setsid() noexcept { return call(SYS_setsid); }
inline long setpriority(int which, int who, int value) noexcept { return call(SYS_setpriority, which, who, value); }
inline long prlimit(int pid, int resource, const rlimit* limit, rlimit* before = nullptr) noexcept {
  return call(SYS_prlimit64, pid, resource, ptr(limit), ptr(before));
}
inline long setgroups(std::size_t count, const gid_t* groups) noexcept {
  return call(SYS_setgroups, static_cast<long>(count), ptr(groups));
}
inline long setresuid(uid_t real, uid_t effective, uid_t saved) noexcept {
  return call(SYS_setresuid, static_cast<long>(real), static_cast<long>(effective), static_cast<long>(saved));
}
inline long setresgid(gid_t real, gid_t effective, gid_t saved) noexcept {
  return call(SYS_setresgid, static_cast<long>(real), static_cast<long>(effective), static_cast<long>(saved));
}
inline long execve(const char* path, const char* const* argv, const char* const* envp) noexcept {
  return call(SYS_execve, ptr(path), ptr(argv), ptr(envp));
}

/// clone(2) for a child that gets a copy of the memory and returns 0 here: fork with namespaces.
inline long fork(unsigned long flags, int* pidfd = nullptr) noexcept {
  // The order of the last arguments differs by architecture; only parent_tid (third) is used here.
  return call(SYS_clone, static_cast<long>(flags | SIGCHLD), 0, ptr(pidfd), 0, 0);
}

}  // namespace pidns::raw
