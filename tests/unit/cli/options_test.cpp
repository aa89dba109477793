#include "cli/options.h"

#include <array>
#include <catch2/catch.hpp>

#include "cli/verbs.h"

using namespace pidns::cli;

namespace {

constexpr std::array table{&option::strict,  &option::color, &option::events,
                           &option::verbose, &option::help,  &option::signal};

tl::expected<ParsedArguments, std::string> parse(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  return parse_options(table, pointers);
}

}  // namespace

TEST_CASE("options may stand before and after operands") {
  for (const auto& words : {std::vector<std::string>{"--strict", "--color", "never", "lab.yaml"},
                            std::vector<std::string>{"lab.yaml", "--color=never", "--strict"}}) {
    const auto parsed = parse(words);
    REQUIRE(parsed);
    CHECK(parsed->operands == std::vector<std::string>{"lab.yaml"});
    CHECK(parsed->has(option::strict));
    CHECK(parsed->value(option::color, "auto") == "never");
    CHECK_FALSE(parsed->has_arguments);
  }
}

TEST_CASE("what stands after -- is left alone") {
  const auto parsed = parse({"-v", "-", "--", "--strict", "--", "-x"});
  REQUIRE(parsed);
  CHECK(parsed->operands == std::vector<std::string>{"-"});
  CHECK(parsed->arguments == std::vector<std::string>{"--strict", "--", "-x"});
  CHECK_FALSE(parsed->has(option::strict));
  CHECK(parse({"--"})->has_arguments);
}

TEST_CASE("a letter may be repeated") {
  CHECK(parse({"-vv", "a"})->count(option::verbose) == 2);
  CHECK(parse({"-v", "a", "-v", "--verbose"})->count(option::verbose) == 3);
  CHECK(parse({"a"})->count(option::verbose) == 0);
}

TEST_CASE("wrong options are answered in a sentence") {
  CHECK(parse({"--strikt"}).error() == "there is no option `--strikt` here; did you mean `--strict`?");
  CHECK(parse({"a", "-x"}).error() == "there is no option `-x` here");
  CHECK(parse({"--color"}).error() == "`--color` needs a value: --color auto|always|never");
  CHECK(parse({"--color", "blue"}).error() == "`--color` is one of auto, always, never, and not `blue`");
  CHECK(parse({"--color=allways"}).error().ends_with("did you mean `always`?"));
  for (const auto& words : {std::vector<std::string>{"--events", ""}, std::vector<std::string>{"--events="}})
    CHECK(parse(words).error() == "`--events` needs a value, and this one is empty: --events FILE");
  CHECK(parse({"--strict=no"}).error() == "`--strict` takes no value");
}
