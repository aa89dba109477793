#include <linux/prctl.h>
#include <sys/prctl.h>

#include "run/child/interpreter.h"
#include "run/child/text.h"

extern "C" char __executable_start, etext, edata, end;  // The linker's: end(3).

namespace pidns::child {
namespace {

/// A copy's own: what /proc/PID/cmdline shows where the caller's arguments leave too little room.
Text<512> moved_title;

/// Lets the kernel look for the arguments elsewhere. PR_SET_MM_MAP needs no privilege; it wants a whole
/// description of the memory, of which only the place of the arguments is new. brk(2) is not used here.
void move_title() {
  const auto address = [](const void* p) { return reinterpret_cast<std::uint64_t>(p); };
  const auto brk = static_cast<std::uint64_t>(raw::call(SYS_brk));
  const std::uint64_t first = address(moved_title.data);
  const std::uint64_t last = first + moved_title.used + 1;
  prctl_mm_map map{};
  map.start_code = address(&__executable_start);
  map.end_code = address(&etext);
  map.start_data = address(&etext);
  map.end_data = address(&edata);
  map.start_brk = brk;
  map.brk = brk;
  map.start_stack = address(&map);
  map.arg_start = first;
  map.arg_end = last;
  map.env_start = last;
  map.env_end = last;
  map.exe_fd = ~0U;
  raw::prctl(PR_SET_MM, PR_SET_MM_MAP, static_cast<unsigned long>(address(&map)), sizeof map, 0);
}

}  // namespace

void set_title(Context& context, const char* role, const char* address) {
  Text<16> name;
  name.add("pidns: ").add(role);
  raw::prctl(PR_SET_NAME, reinterpret_cast<unsigned long>(name.data));

  moved_title.used = 0;
  moved_title.add("pidns: ").add(role).add(" ").add(address);
  if (moved_title.used + 1 > context.title_size) {
    move_title();
    return;
  }
  // ps reads what stood in argv and, where its last byte is no NUL, on into what was the environment
  // (proc(5), cmdline). The area is this process's own copy.
  for (std::size_t i = 0; i < context.title_size; ++i)
    context.title[i] = i < moved_title.used ? moved_title.data[i] : '\0';
}

}  // namespace pidns::child
