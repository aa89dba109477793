#include <sys/prctl.h>

#include "run/child/interpreter.h"

namespace pidns::child {
namespace {

/// Copies what fits, and leaves room for the final NUL.
std::size_t append(char* area, std::size_t size, std::size_t at, const char* text) {
  for (; *text != '\0' && at + 1 < size; ++text) area[at++] = *text;
  return at;
}

}  // namespace

void set_title(Context& context, const char* role, const char* address) {
  char name[16] = {};
  std::size_t used = append(name, sizeof name, 0, "pidns: ");
  used = append(name, sizeof name, used, role);
  raw::prctl(PR_SET_NAME, reinterpret_cast<unsigned long>(name));

  // ps reads what stood in argv and, where its last byte is no NUL, on into what was the environment
  // (proc(5), cmdline). The area is this process's own copy.
  if (context.title_size == 0) return;
  char* area = context.title;
  std::size_t at = append(area, context.title_size, 0, "pidns: ");
  at = append(area, context.title_size, at, role);
  at = append(area, context.title_size, at, " ");
  at = append(area, context.title_size, at, address);
  while (at < context.title_size) area[at++] = '\0';
}

}  // namespace pidns::child
