// Texts for people and editors, from the table of schema.h.
#pragma once

#include <string>

namespace config {

std::string json_schema();         // draft-07
std::string commented_template();  // every key at its default

}  // namespace config
