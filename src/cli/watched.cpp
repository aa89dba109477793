#include "cli/watched.h"

#include <poll.h>

#include <cerrno>
#include <csignal>

#include "cli/instances.h"
#include "run/look/identified.h"

namespace pidns::cli {

std::optional<Watched> watch(const Command& command, const std::string& name) {
  // It may end at any moment: then the second look says that it is unknown.
  auto opened = open_instance(name);
  auto here = instance_named(command, name);
  if (!here) return std::nullopt;
  UniqueFd supervisor = opened ? open_identified(here->supervisor) : UniqueFd();
  if (!supervisor) {
    opened.reset();
    here = instance_named(command, name);
    if (here) opened = open_instance(name);
    if (opened) supervisor = open_identified(here->supervisor);
    if (!supervisor) return std::nullopt;
  }
  opened->state = std::move(*here);
  return Watched{std::move(*opened), std::move(supervisor)};
}

bool has_ended(const Watched& watched, int within) {
  pollfd end{watched.supervisor.get(), POLLIN, 0};
  int ready = 0;
  while ((ready = ::poll(&end, 1, within)) < 0 && errno == EINTR) {}
  return ready > 0;
}

int status_of(const Watched& watched) { return status_in(watched.instance).value_or(128 + SIGKILL); }

}  // namespace pidns::cli
