// elfutils for Swift: reading ELF files (libelf) and naming addresses of processes and cores
// (libdwfl).
#pragma once

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <libelf.h>
