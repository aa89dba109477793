/// The document: P201 and on.

#include "explain/pages.h"

namespace pidns {
namespace {

using Setting = Page::Setting;

// clang-format off
constexpr Page pages[] = {
    {Code::empty_spec,
     "A spec is one YAML map with at least `pidns: 1`. Comments and `---` alone are an empty document. Perhaps the "
     "file was not written yet, or it is another one that was meant.",
     R"(# nothing yet
)",
     R"(pidns: 1
command: [echo, hello]
)",
     "`pidns new`, which prints a spec to begin with", Setting::root},
    {Code::not_a_map,
     "A spec is one map: keys with values. A list at the top, or a single text, says nothing of what is meant with "
     "it.",
     R"(- pidns: 1
- command: [echo, hello]
)",
     R"(pidns: 1
command: [echo, hello]
)",
     "YAML 1.2.2, section 3.2.1, \"Representation Graph\"", Setting::root},
    {Code::not_utf8,
     "A spec is text in UTF-8. In another encoding a path or a host name would come out as other bytes than those "
     "that you see; `iconv -f LATIN1 -t UTF-8` converts.",
     "pidns: 1\n"
     "command: [echo, caf\xe9]\n",
     R"(pidns: 1
command: [echo, café]
)",
     "utf-8(7)", Setting::root},
    {Code::control_character,
     "Strings end at the first NUL for the kernel, so none can hold one. Other control characters are not visible "
     "where they stand; in double quotes YAML writes them as `\"\\e\"` or `\"\\x07\"`.",
     R"(pidns: 1
command: [printf, "a\0b"]
)",
     R"(pidns: 1
command: [printf, "\e[1mbold\e[0m"]
)",
     "ascii(7), execve(2)", Setting::root},
    {Code::tab,
     "YAML counts blanks. How wide a tab is depends on the editor, and a reader and a person would see different "
     "nestings.",
     "pidns: 1\n"
     "env:\n"
     "\tA: b\n"
     "command: [env]\n",
     R"(pidns: 1
env:
  A: b
command: [env]
)",
     "YAML 1.2.2, section 6.1, \"Indentation Spaces\"", Setting::root},
    {Code::not_yaml,
     "The text does not follow the grammar of YAML at this place. Often a key is not indented like its neighbours, "
     "or a text holds `: `, ` #` or begins with one of `[]{}&*!|>'\"%@` and a backquote: in quotes it may.",
     R"(pidns: 1
  command: [echo, hello]
)",
     R"(pidns: 1
command: [echo, hello]
)",
     "YAML 1.2.2; https://yaml.org/spec", Setting::root},
    {Code::not_closed,
     "A quote or a bracket is open until its partner is seen. The finding stands at the one that was opened; the "
     "reader noticed it only further down.",
     R"(pidns: 1
command: [echo, hello
name: greeter
)",
     R"(pidns: 1
command: [echo, hello]
name: greeter
)",
     "YAML 1.2.2, section 7.4, \"Flow Collection Styles\"", Setting::root},
    {Code::second_document,
     "A `---` begins another document. A run has one spec; what belongs together are nodes of it, what does not "
     "are files of their own.",
     R"(pidns: 1
command: [echo, a]
---
pidns: 1
command: [echo, b]
)",
     R"(pidns: 1
processes:
  a: {command: [echo, a]}
  b: {command: [echo, b]}
)",
     "YAML 1.2.2, section 9.2, \"Streams\"", Setting::root},
    {Code::not_a_key,
     "YAML lets a list or a map be the key of a map; in a spec keys are words. A `:` without a word before it is "
     "the same mistake, and so is a `[` that was meant as text: in quotes it may begin a key.",
     R"(pidns: 1
env: {[A, B]: c}
command: [env]
)",
     R"(pidns: 1
env: {A: c, B: c}
command: [env]
)",
     "YAML 1.2.2, section 3.2.1.1, \"Nodes\"", Setting::root},
    {Code::tag,
     "A tag such as `!!str` tells a reader which type to make of a value. Here the type follows from the key; what "
     "is meant as text is quoted.",
     R"(pidns: 1
command: [echo, !!str 12]
)",
     R"(pidns: 1
command: [echo, "12"]
)",
     "YAML 1.2.2, section 6.9.1, \"Node Tags\"", Setting::root},
    {Code::endless_alias,
     "An alias stands for what its anchor names. Inside that it would stand for itself, and written out the spec "
     "would have no end.",
     R"(pidns: 1
x-level: &level
  namespaces: {inner: *level}
command: [echo, hello]
)",
     R"(pidns: 1
x-level: &level
  unshare: [uts]
namespaces:
  inner: {<<: *level, command: [echo, hello]}
)",
     "YAML 1.2.2, section 7.1, \"Alias Nodes\"", Setting::root},
    {Code::unknown_anchor,
     "`*name` takes what `&name` has marked before, further up in the same file. A text that begins with `*` is "
     "quoted.",
     R"(pidns: 1
namespaces:
  inner: {<<: *level, command: [echo, hello]}
)",
     R"(pidns: 1
x-level: &level
  unshare: [uts]
namespaces:
  inner: {<<: *level, command: [echo, hello]}
)",
     "YAML 1.2.2, section 7.1, \"Alias Nodes\"", Setting::root},
    {Code::merge_of_no_map,
     "`<<` takes in the keys of a map, or of several in a list. Own keys win over merged ones, and in a list the "
     "earlier wins.",
     R"(pidns: 1
<<: [uts, mount]
command: [echo, hello]
)",
     R"(pidns: 1
<<: {unshare: [uts, mount]}
command: [echo, hello]
)",
     "https://yaml.org/type/merge.html", Setting::root},
    {Code::replaced_env,
     "`<<` is shallow: where a map has a key itself, the merged one is dropped as a whole. An own `env` does not "
     "add to the merged one but replaces it, which few people mean. Nodes do hand `env` down key by key; merge "
     "keys do not.",
     R"(pidns: 1
x-base: &base
  env: {A: "1"}
namespaces:
  inner: {<<: *base, env: {B: "2"}, command: [env]}
)",
     R"(pidns: 1
x-base: &base
  env: &env {A: "1"}
namespaces:
  inner: {<<: *base, env: {<<: *env, B: "2"}, command: [env]}
)",
     "https://yaml.org/type/merge.html", Setting::root},
    {Code::too_much,
     "pidns reads specs up to 16 MiB, 200 levels of lists and maps, 100,000 values that aliases and merge keys "
     "add, and 200,000 processes and nodes. A few lines of nested aliases could stand for more than any memory "
     "holds.",
     R"(pidns: 1
x-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
x-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
x-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
x-e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
x-f: [*e, *e]
command: [echo, hello]
)",
     R"(pidns: 1
x-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
x-b: [*a, *a]
command: [echo, hello]
)",
     "`pidns schema`", Setting::root},
};
// clang-format on

}  // namespace

std::span<const Page> pages_of_document() noexcept { return pages; }

}  // namespace pidns
