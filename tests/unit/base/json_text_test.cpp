#include "base/json_text.h"

#include <catch2/catch.hpp>

using pidns::JsonText;

TEST_CASE("JSON is indented, and what is empty stays on its line") {
  JsonText json;
  json.open_object();
  json.text("a", "\"b\"\n");
  json.number("c", 7);
  json.open_list("d");
  json.close();
  json.open_list("e");
  json.text({}, "f");
  json.open_object();
  json.close();
  json.close();
  json.close();
  CHECK(json.take() == R"({
  "a": "\"b\"\n",
  "c": 7,
  "d": [],
  "e": [
    "f",
    {}
  ]
}
)");
}

TEST_CASE("an empty document is a document") {
  JsonText json;
  json.open_list();
  json.close();
  CHECK(json.take() == "[]\n");
}
