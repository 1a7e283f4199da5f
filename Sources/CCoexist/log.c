// Where messages go, and in which form: the line as it is, or one JSON object a line
// (tools/schema/log.schema.json). Async-signal-safe: one write(2) each.
#include <ccoexist/config.h>
#include <ccoexist/real.h>
#include <ccoexist/tables.h>
#include <sys/syscall.h>
#include <unistd.h>

static int log_fd = STDERR_FILENO;

void coexist_log_to(int fd) { log_fd = fd; }

struct out {
  char *next, *end;  // `end` leaves room for what closes the object
};

static void put(struct out *out, const char *text, uint64_t length) COEXIST_SIGSAFE {
  // All of it or nothing: half an escape would break the object.
  if (length > (uint64_t)(out->end - out->next)) return;
  coexist_copy(out->next, text, length);
  out->next += length;
}
#define PUT(out, literal) put(out, literal, sizeof literal - 1)
// At least so many digits.
static void put_number(struct out *out, uint64_t value, int width) COEXIST_SIGSAFE {
  char digits[20];
  int used = 0;
  do digits[sizeof digits - 1 - (unsigned)used++] = (char)('0' + value % 10), value /= 10;
  while (value != 0 || used < width);
  put(out, digits + sizeof digits - used, (uint64_t)used);
}

// Bytes of the UTF-8 character at text; 0 = none is there (RFC 3629, section 4).
static uint64_t character(const char *text, uint64_t length) COEXIST_SIGSAFE {
  const unsigned char *byte = (const unsigned char *)text;
  uint64_t size = byte[0] < 0x80 ? 1 : byte[0] < 0xC2 ? 0 : byte[0] < 0xE0 ? 2
                  : byte[0] < 0xF0 ? 3 : byte[0] < 0xF5 ? 4 : 0;
  if (size == 0 || size > length) return 0;
  for (uint64_t i = 1; i < size; i++)
    if ((byte[i] & 0xC0) != 0x80) return 0;
  // Surrogates, overlong forms and what lies above U+10FFFF.
  if ((byte[0] == 0xE0 && byte[1] < 0xA0) || (byte[0] == 0xED && byte[1] > 0x9F) ||
      (byte[0] == 0xF0 && byte[1] < 0x90) || (byte[0] == 0xF4 && byte[1] > 0x8F))
    return 0;
  return size;
}

static const char hex[] = "0123456789abcdef";
static void put_string(struct out *out, const char *text, uint64_t length) COEXIST_SIGSAFE {
  while (length > 0) {
    uint64_t size = character(text, length);
    char escape[6] = {'\\', 'u', '0', '0', hex[(*text >> 4) & 15], hex[*text & 15]};
    if (size == 0) PUT(out, "\\ufffd"), size = 1;
    else if (*text == '"' || *text == '\\') escape[1] = *text, put(out, escape, 2);
    else if ((unsigned char)*text < 0x20) put(out, escape, sizeof escape);
    else put(out, text, size);
    text += size, length -= size;
  }
}

// RFC 3339, in UTC, to the microsecond. Days to a date as in Howard Hinnant, "chrono-Compatible
// Low-Level Date Algorithms": years begin in March.
static void put_time(struct out *out, uint64_t ns) COEXIST_SIGSAFE {
  uint64_t seconds = ns / 1000000000u, days = seconds / 86400 + 719468, time = seconds % 86400;
  uint64_t era = days / 146097, day = days % 146097;
  uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  day -= 365 * year + year / 4 - year / 100;
  uint64_t march = (5 * day + 2) / 153, month = march < 10 ? march + 3 : march - 9;
  put_number(out, year + era * 400 + (month <= 2), 4), put(out, "-", 1);
  put_number(out, month, 2), put(out, "-", 1);
  put_number(out, day - (153 * march + 2) / 5 + 1, 2), put(out, "T", 1);
  put_number(out, time / 3600, 2), put(out, ":", 1);
  put_number(out, time / 60 % 60, 2), put(out, ":", 1);
  put_number(out, time % 60, 2), put(out, ".", 1);
  put_number(out, ns % 1000000000u / 1000, 6), put(out, "Z", 1);
}

static int begins(const char *text, uint64_t length, const char *with) COEXIST_SIGSAFE {
  uint64_t i = 0;
  while (with[i] != 0 && i < length && text[i] == with[i]) i++;
  return with[i] == 0;
}

// "coexist[PID]: warning[W201]: a sentence\n", as every message is built; others have no code.
__attribute__((noinline)) static void write_json(const char *text,
                                                 uint64_t length) COEXIST_SIGSAFE {
  char line[1024];
  struct out out = {line, line + sizeof line - 3};
  uint64_t at = 0;
  while (at + 1 < length && !(text[at] == ':' && text[at + 1] == ' ')) at++;
  at = at + 2 < length ? at + 2 : 0;
  text += at, length -= at;
  if (length > 0 && text[length - 1] == '\n') length--;
  uint64_t word = begins(text, length, "error[") ? 6 : begins(text, length, "warning[") ? 8 : 0;
  PUT(&out, "{\"schema\":\"coexist.log/1\",\"time\":\"");
  put_time(&out, coexist_clock_ns(0));
  PUT(&out, "\",\"pid\":"), put_number(&out, (uint64_t)coexist_getpid(), 1);
  PUT(&out, ",\"program\":\"");
  const char *name = coexist_program_name();
  uint64_t size = 0;
  while (size < 64 && name[size] != 0) size++;
  put_string(&out, name, size);
  PUT(&out, "\",\"level\":\"");
  put(&out, word != 0 ? text : "info", word != 0 ? word - 1 : 4), PUT(&out, "\"");
  enum { CODE = 4, BEHIND = 3 };  // "W201" and "]: "
  if (word != 0 && length >= word + CODE + BEHIND && text[word + CODE] == ']') {
    PUT(&out, ",\"code\":\""), put_string(&out, text + word, CODE), PUT(&out, "\"");
    text += word + CODE + BEHIND, length -= word + CODE + BEHIND;
  }
  PUT(&out, ",\"message\":\"");
  put_string(&out, text, length);
  out.end = line + sizeof line;
  PUT(&out, "\"}\n");
  coexist_syscall4(SYS_write, log_fd, (long)line, out.next - line, 0);
}

void coexist_write_log(const char *text, uint64_t length) COEXIST_SIGSAFE {
  if (coexist_config.log_format == COEXIST_LOG_JSON) return write_json(text, length);
  coexist_syscall4(SYS_write, log_fd, (long)text, (long)length, 0);
}
