/// What is refused of a text before the language is looked at.

#include <catch2/catch.hpp>

#include "findings.h"

using namespace pidns;
using namespace pidns::testing;

namespace {
const std::string head = "pidns: 1\ncommand: [a]\n";
}

TEST_CASE("texts that are no spec") {
  CHECK(loading("") == Lines{"1:1: error: the spec is empty"});
  CHECK(loading("# nothing\n") == Lines{"1:1: error: the spec is empty"});
  CHECK(loading("---\n") == Lines{"1:1: error: the spec is empty"});
  CHECK(loading("- a\n") == Lines{"1:1: error: a spec is a map, not a list"});
  CHECK(loading("a\n") == Lines{"1:1: error: a spec is a map, not a single value"});
  CHECK(loading(std::string((16U << 20U) + 1, '#')) == Lines{"1:1: error: the spec is larger than 16 MiB"});
}

TEST_CASE("encodings") {
  CHECK(loading("\xef\xbb\xbf" + head) == Lines{});
  CHECK(loading("\xef\xbb\xbfpidns: 2\ncommand: [a]\n").front().starts_with("1:11: error:"));
  CHECK(loading(std::string_view("\xff\xfep\0", 4)) == Lines{"1:1: error: the spec is in UTF-16 or UTF-32"});
  CHECK(loading(std::string_view("\0\0\xfe\xff", 4)) == Lines{"1:1: error: the spec is in UTF-16 or UTF-32"});
  CHECK(loading(head + "description: caf\xe9\n") == Lines{"3:17: error: the byte 0xE9 here is not UTF-8"});
  CHECK(loading(head + "description: \xed\xa0\x80\n") == Lines{"3:14: error: the byte 0xED here is not UTF-8"});
  CHECK(loading(head + "description: \xc0\xaf\n") == Lines{"3:14: error: the byte 0xC0 here is not UTF-8"});
  CHECK(loading(head + "description: caf\xc3\xa9 \xf0\x9f\x98\x80\n") == Lines{});
  CHECK(loading(head + std::string("name: a\0b\n", 10)) == Lines{"3:8: error: a NUL byte"});
  CHECK(loading(head + "description: \"a\\0b\"\n") == Lines{"3:14: error: a NUL character"});
  CHECK(loading(head + "description: \x1b[2J\n") == Lines{"3:14: error: the control character 0x1B"});
  CHECK(loading(head + "description: \x04\n") == Lines{"3:14: error: the control character 0x04"});
}

TEST_CASE("line ends of other systems are line ends") {
  CHECK(loading("pidns: 1\r\ncommand: [a]\r\nname: 5\r\n") ==
        Lines{"3:7: error: `5` is a number to YAML; `name` takes a string"});
}

TEST_CASE("tabs as indentation") {
  CHECK(loading("pidns: 1\ncommand:\n\t- a\n") == Lines{"3:1: error: a tab in the indentation"});
  CHECK(loading("pidns: 1\nenv:\n\tA: b\ncommand: [a]\n") == Lines{"3:1: error: a tab in the indentation"});
  CHECK(loading("pidns: 1\ncommand: [\n\ta]\n") == Lines{"3:1: error: a tab in the indentation"});
  CHECK(loading("pidns:\t1\ncommand: [a]\nscript-: 1\n").size() == 1);
  CHECK(loading("pidns: 1\nscript: |\n  \techo\n") == Lines{});
}

TEST_CASE("more than one document") {
  CHECK(loading(head + "---\nb: 1\n") == Lines{"3:1: error: a second document"});
  CHECK(loading("---\n" + head + "...\n") == Lines{});
  CHECK(loading("%YAML 1.2\n---\n" + head) == Lines{});
}

TEST_CASE("keys that stand twice, or are no words") {
  CHECK(loading("pidns: 1\ncommand: [a]\ncommand: [b]\n") == Lines{"3:1: error: `command` stands twice in this map"});
  CHECK(loading("pidns: 1\nenv: {A: 1, \"A\": 2}\ncommand: [b]\n") ==
        Lines{"2:13: error: `A` stands twice in this map"});
  CHECK(loading(head + "? [a]\n: b\n") == Lines{"3:3: error: a key that is not a word"});
  std::string many = head + "env:\n";
  for (int i = 0; i < 100; ++i) many += "  A" + std::to_string(i) + ": x\n";
  CHECK(loading(many) == Lines{});
  CHECK(loading(many + "  A77: y\n") == Lines{"104:3: error: `A77` stands twice in this map"});
}

TEST_CASE("tags") {
  CHECK(loading("pidns: !!int 1\ncommand: [!x a]\nenv: !!map {A: b}\n") ==
        Lines{"1:8: error: the tag `!!int`", "2:11: error: the tag `!x`", "3:6: error: the tag `!!map`"});
  // Nothing but a tag, up to the last byte.
  CHECK(loading(head + "description: !x\"\n") == Lines{"3:14: error: the tag `!x\"`"});
  CHECK(loading(head + "description: !x\"") ==
        Lines{"3:14: error: the tag `!x\"`", "3:17: error: `description` has no value"});
}

TEST_CASE("aliases") {
  CHECK(loading(head + "x-a: &a [*a]\n") == Lines{"3:10: error: the alias `*a` stands inside what it names"});
  CHECK(loading(head + "name: *b\n") == Lines{"3:7: error: no anchor of this name stands before the alias"});
  CHECK(loading(head + "x-n: &n five\nname: *n\n") == Lines{});
  const auto judged = load_only(head + "x-n: &n\n  A: b\nenv: *n\nname: x\n");
  CHECK(judged.findings == Lines{});
  CHECK(judged.spec->root.defaults.env->at(0).value.name == "A");
  CHECK(judged.spec->root.defaults.env->at(0).place.merge.begin == judged.spec->root.defaults.env.place().merge.begin);
}

TEST_CASE("bombs") {
  std::string laughs = head + "x-0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 20; ++i) {
    laughs += "x-" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) laughs += (j == 0 ? "*a" : ",*a") + std::to_string(i - 1);
    laughs += "]\n";
  }
  CHECK(loading(laughs) == Lines{"7:39: error: aliases and merge keys add more than 100,000 YAML nodes"});
  for (const std::string bracket : {"[", "{", "- ", "? "}) {
    std::string nested = "pidns: 1\na:\n  ";
    for (int i = 0; i < 20000; ++i) nested += bracket;
    const Lines found = loading(nested);
    REQUIRE(found.size() == 1);
    CHECK(found[0].ends_with("error: lists and maps nested more than 200 deep"));
  }
  std::string merges = head + "x-a: &a {b: 1}\nx-b:\n  <<: [";
  for (int i = 0; i < 20000; ++i) merges += "*a,";
  merges += "]\n";
  for (int i = 0; i < 5000; ++i) merges += "  k" + std::to_string(i) + ": 1\n";
  CHECK(loading(merges) == Lines{});
}

TEST_CASE("merge keys are shallow; own keys and earlier maps win") {
  const auto judged = load_only(
      "pidns: 1\nx-a: &a {hostname: a, cwd: /a}\nx-b: &b {hostname: b, domainname: b}\nunshare: [uts]\n"
      "<<: [*a, *b]\ncwd: /own\ncommand: [a]\n");
  CHECK(judged.findings == Lines{});
  CHECK(*judged.spec->root.hostname == "a");
  CHECK(*judged.spec->root.domainname == "b");
  CHECK(*judged.spec->root.defaults.cwd == "/own");
  CHECK(loading(head + "<<: 5\n") == Lines{"3:1: error: `<<` takes a map or a list of maps"});
  CHECK(loading(head + "<<: [{cwd: /}, 5]\n") == Lines{"3:1: error: `<<` takes a map or a list of maps"});
  CHECK(loading(head + "\"<<\": {cwd: /}\n") == Lines{"3:1: error: unknown key `<<`"});
}

TEST_CASE("an own env that replaces a merged one is a warning") {
  CHECK(loading("pidns: 1\nx-a: &a {env: {A: 1}}\n<<: *a\nenv: {B: 2}\ncommand: [a]\n") ==
        Lines{"4:1: warning: this `env` replaces the merged one"});
  CHECK(loading("pidns: 1\nx-a: &a {env: &e {A: 1}}\n<<: *a\nenv: {<<: *e, B: 2}\ncommand: [a]\n") == Lines{});
}

TEST_CASE("syntax") {
  CHECK(loading("pidns: 1\ncommand: [a, b\nname: x\n") == Lines{"2:10: error: a list that `[` opens is not closed"});
  CHECK(loading("pidns: 1\nenv: {a: b\n") == Lines{"2:6: error: a map that `{` opens is not closed"});
  CHECK(loading("pidns: 1\nname: \"a\ncommand: [b]\n") == Lines{"2:7: error: a quote that is not closed"});
  CHECK(loading("pidns: 1\n  command: [a]\n") == Lines{"2:10: error: a `:` where no value can begin"});
  CHECK(loading("pidns: 1\ncommand: [a]\n name: b\n").size() == 1);
  CHECK(loading("pidns: 1\nname: @a\n") == Lines{"2:7: error: a value cannot begin with this character"});
  CHECK(loading("pidns: 1\nname: \"\\q\"\n").size() == 1);
}
