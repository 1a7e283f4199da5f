// Whether the loader can take the file without dying of it.
#pragma once

#include "file.h"

// NULL, or what is damaged.
const char *file_damage(const struct file *file);
