#include "render/columns.h"

#include <catch2/catch.hpp>

using namespace pidns;

TEST_CASE("columns are letters, not bytes") {
  CHECK(columns("") == 0);
  CHECK(columns("grüße") == 5);
}

TEST_CASE("cutting leaves a mark") {
  CHECK(cut_right("grüße", 5, "…") == "grüße");
  CHECK(cut_right("grüße", 4, "…") == "grü…");
  CHECK(cut_left("grüße", 3, "...") == "...");
  CHECK(cut_left("grüße", 4, "…") == "…üße");
  CHECK(cut_right("abcdef", 2, "...").size() <= 3);
}

TEST_CASE("wrapping breaks at blanks") {
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("onetwothree", 4) == std::vector<std::string>{"onet", "woth", "ree"});
  CHECK(wrap("", 4) == std::vector<std::string>{""});
}
