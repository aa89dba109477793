#include "run/child/procfs.h"

#include "run/child/text.h"

namespace pidns::child {

long open_proc_file(const Context& context, const char* path, int flags) {
  if (context.procfs >= 0) return raw::openat(context.procfs, path, flags | O_CLOEXEC);
  Text<256> whole;
  whole.add("/proc/").add(path);
  return raw::open(whole.data, flags | O_CLOEXEC);
}

int pid_in_procfs(const Context& context, int pid) {
  const long pidfd = raw::pidfd_open(pid);
  if (pidfd < 0) return 0;
  Text<48> path;
  path.add("self/fdinfo/").add_number(pidfd);
  const long file = open_proc_file(context, path.data, O_RDONLY);
  char text[512];
  const long size = file < 0 ? 0 : raw::read(static_cast<int>(file), text, sizeof text - 1);
  if (file >= 0) raw::close(static_cast<int>(file));
  raw::close(static_cast<int>(pidfd));
  if (size <= 0) return 0;
  text[size] = '\0';
  for (const char* at = text; *at != '\0'; ++at) {
    const bool line_starts = at == text || at[-1] == '\n';
    if (!line_starts || at[0] != 'P' || at[1] != 'i' || at[2] != 'd' || at[3] != ':') continue;
    int number = 0;
    for (at += 4; *at == '\t' || *at == ' ';) ++at;
    for (; *at >= '0' && *at <= '9'; ++at) number = number * 10 + (*at - '0');
    return number;
  }
  return 0;
}

int write_proc_file(const Context& context, const char* path, const char* data, std::size_t size) {
  const long file = open_proc_file(context, path, O_WRONLY);
  if (const int error = raw::error_of(file)) return error;
  const long written = raw::write(static_cast<int>(file), data, size);
  raw::close(static_cast<int>(file));
  return raw::error_of(written);
}

}  // namespace pidns::child
