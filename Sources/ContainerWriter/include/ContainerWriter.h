// The interface is <ccoexist/container_writer.h>; SwiftPM wants a folder of public headers.
#pragma once
#include <ccoexist/container_writer.h>
