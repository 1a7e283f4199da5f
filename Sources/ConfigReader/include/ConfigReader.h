// The module's face: what it exports is declared in the contract.
#pragma once

#include <ccoexist/config_reader.h>
