/// What `tests` name: P701 and on.

#include "explain/pages.h"

namespace pidns {
namespace {

using Setting = Page::Setting;

// clang-format off
constexpr Page pages[] = {
    {Code::no_such_address,
     "An address names a node or a process by the way to it from the root: `/` is the root, `ns1` a node or process "
     "in it, `ns1/ns2` what is in that. It has no `/` at its beginning, and no name may be left out.",
     R"(pidns: 1
namespaces:
  ns1:
    namespaces:
      ns2: {command: [sleep, "1"]}
tests:
  - {name: ns2 is there, in: ns2, script: "true"}
)",
     R"(pidns: 1
namespaces:
  ns1:
    namespaces:
      ns2: {command: [sleep, "1"]}
tests:
  - {name: ns2 is there, in: ns1/ns2, script: "true"}
)",
     "`pidns schema`", Setting::root},
    {Code::not_a_node,
     "A test runs in a node: it enters the node's namespaces, and no process has some of its own beside them. Of "
     "what has replicas, one copy is named, by its number.",
     R"(pidns: 1
namespaces:
  ns1:
    processes:
      web: {command: [sleep, "1"]}
tests:
  - {name: the web is there, in: ns1/web, script: "true"}
)",
     R"(pidns: 1
namespaces:
  ns1:
    processes:
      web: {command: [sleep, "1"]}
tests:
  - {name: the web is there, in: ns1, script: "true"}
)",
     "setns(2)", Setting::root},
    {Code::variable_twice,
     "Tests find the pid of `ns1/web` in the variable PIDNS_PID_NS1_WEB: the address in capitals, with `_` for every "
     "character but letters and digits. Two addresses that differ only in such characters would share one "
     "variable. Only a spec with `tests` must tell them apart.",
     R"(pidns: 1
processes:
  web-a: {command: [sleep, "1"]}
  web_a: {command: [sleep, "1"]}
tests:
  - {name: it is there, script: "true"}
)",
     R"(pidns: 1
processes:
  web-a: {command: [sleep, "1"]}
  web-b: {command: [sleep, "1"]}
tests:
  - {name: it is there, script: "true"}
)",
     "environ(7)", Setting::root},
};
// clang-format on

}  // namespace

std::span<const Page> pages_of_tests() noexcept { return pages; }

}  // namespace pidns
