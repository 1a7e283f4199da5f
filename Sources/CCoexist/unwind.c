// Follows call-frame information as far as compilers use it for ordinary functions. Of the
// registers only the frame pointer is followed: a frame's address may be counted from it.
#include <ccoexist/unwind.h>

#include <ccoexist/elf.h>
#include <ccoexist/tables.h>
#include <dlfcn.h>

enum { SP = 7, BP = 6, RETURN = 16, STATES = 8 };
enum { ABSOLUTE4 = 0x03, RELATIVE4 = 0x1B, TABLE4 = 0x3B };  // DW_EH_PE: udata4, pcrel, datarel

struct cursor {
  const uint8_t *at, *end;
};
struct rules {
  uint64_t base, offset;  // the frame's address: register and distance
  int64_t saved_bp;       // where the caller's frame pointer is, from there; 0 = still in it
  int64_t saved_pc;
};
struct common {
  uint64_t code_align, encoding;
  int64_t data_align;
  int augmented;
  struct cursor instructions;
};

static uint64_t number(struct cursor *c, unsigned size) COEXIST_SIGSAFE {
  uint64_t value = 0;
  if (c->end - c->at < (long)size) return c->at = c->end, 0;
  for (unsigned i = 0; i < size; i++) value |= (uint64_t)c->at[i] << 8 * i;
  return c->at += size, value;
}
static uint64_t leb(struct cursor *c, int is_signed) COEXIST_SIGSAFE {
  uint64_t value = 0;
  unsigned shift = 0;
  while (c->at < c->end && shift < 64) {
    uint8_t byte = *c->at++;
    value |= (uint64_t)(byte & 0x7F) << shift;
    shift += 7;
    if (byte & 0x80) continue;
    if (is_signed && (byte & 0x40) && shift < 64) value |= ~0ull << shift;
    break;
  }
  return value;
}

// A CIE: version 1 with the augmentations of C and C++ ("zR", "zPLR").
static int read_common(const uint8_t *at, struct common *out) COEXIST_SIGSAFE {
  struct cursor c = {at, at + 4};
  uint64_t length = number(&c, 4);
  if (length == 0 || length > 4096) return 0;
  c.end = c.at + length;
  if (number(&c, 4) != 0 || number(&c, 1) != 1) return 0;
  const char *augmentation = (const char *)c.at;
  while (c.at < c.end && *c.at != 0) c.at++;
  c.at++;
  out->code_align = leb(&c, 0);
  out->data_align = (int64_t)leb(&c, 1);
  if (number(&c, 1) != RETURN) return 0;
  out->augmented = augmentation[0] == 'z';
  out->encoding = 0;
  if (!out->augmented) return augmentation[0] == 0 ? out->instructions = c, 1 : 0;
  uint64_t size = leb(&c, 0);
  const uint8_t *after = c.at + size;
  for (const char *letter = augmentation + 1; *letter != 0; letter++) {
    if (*letter == 'R') out->encoding = number(&c, 1);
    else if (*letter == 'L') number(&c, 1);
    else if (*letter == 'P') c.at += (number(&c, 1) & 7) == 4 ? 8 : 4;
    else return 0;  // 'S': a signal frame
  }
  out->instructions = (struct cursor){after, c.end};
  return after <= c.end;
}

static void saved(struct rules *rules, uint64_t reg, int64_t offset) COEXIST_SIGSAFE {
  if (reg == BP) rules->saved_bp = offset;
  if (reg == RETURN) rules->saved_pc = offset;
}

// Carries the rules on to the address; 0 = something that ordinary functions do not have.
static int follow(struct cursor c, const struct common *common, uint64_t location, uint64_t pc,
                  const struct rules *initial, struct rules *rules) COEXIST_SIGSAFE {
  struct rules kept[STATES];
  unsigned depth = 0;
  while (c.at < c.end && location <= pc) {
    uint8_t byte = *c.at++, low = byte & 0x3F;
    uint64_t reg;
    switch (byte >> 6) {
      case 1: location += low * common->code_align; continue;
      case 2: saved(rules, low, (int64_t)leb(&c, 0) * common->data_align); continue;
      case 3: if (low == BP) rules->saved_bp = initial->saved_bp; continue;
      default: break;
    }
    switch (byte) {
      case 0x00: break;
      case 0x02: location += number(&c, 1) * common->code_align; break;
      case 0x03: location += number(&c, 2) * common->code_align; break;
      case 0x04: location += number(&c, 4) * common->code_align; break;
      case 0x05: reg = leb(&c, 0), saved(rules, reg, (int64_t)leb(&c, 0) * common->data_align);
                 break;
      case 0x06: if (leb(&c, 0) == BP) rules->saved_bp = initial->saved_bp;
                 break;
      case 0x07: if (leb(&c, 0) == RETURN) return 0;  // the first frame of a thread
                 break;
      case 0x08: if (leb(&c, 0) == BP) rules->saved_bp = 0;
                 break;
      case 0x0A: if (depth == STATES) return 0;
                 kept[depth++] = *rules;
                 break;
      case 0x0B: if (depth == 0) return 0;
                 *rules = kept[--depth];
                 break;
      case 0x0C: rules->base = leb(&c, 0), rules->offset = leb(&c, 0); break;
      case 0x0D: rules->base = leb(&c, 0); break;
      case 0x0E: rules->offset = leb(&c, 0); break;
      case 0x11: reg = leb(&c, 0), saved(rules, reg, (int64_t)leb(&c, 1) * common->data_align);
                 break;
      case 0x2E: leb(&c, 0); break;  // arguments on the stack
      default: return 0;
    }
  }
  return 1;
}

// The entry of the function that holds pc, by the sorted table of PT_GNU_EH_FRAME.
static const uint8_t *entry_of(uint64_t pc) COEXIST_SIGSAFE {
  typedef int (*safe)(void *, struct dl_find_object *) COEXIST_SIGSAFE;
  struct dl_find_object found;
  if (((safe)_dl_find_object)((void *)pc, &found) != 0) return 0;
  const uint8_t *header = found.dlfo_eh_frame;
  if (header == 0 || header[0] != 1 || header[1] != RELATIVE4 || header[2] != ABSOLUTE4 ||
      header[3] != TABLE4)
    return 0;
  const int32_t *table = (const int32_t *)(header + 12);
  uint64_t low = 0, high = (uint32_t)((const int32_t *)header)[2];
  int64_t wanted = (int64_t)(pc - (uint64_t)header);
  while (low + 1 < high) {
    uint64_t middle = (low + high) / 2;
    if (table[2 * middle] <= wanted) low = middle;
    else high = middle;
  }
  return high == 0 ? 0 : header + table[2 * low + 1];
}

static int rules_at(uint64_t pc, struct rules *rules) COEXIST_SIGSAFE {
  const uint8_t *entry = entry_of(pc);
  if (entry == 0) return 0;
  struct cursor c = {entry, entry + 8};
  uint64_t length = number(&c, 4), back = number(&c, 4);
  struct common common;
  if (length < 8 || length > 1 << 20 || !read_common(entry + 4 - back, &common)) return 0;
  if (common.encoding != RELATIVE4) return 0;
  c.end = entry + 4 + length;
  uint64_t start = (uint64_t)c.at + (uint64_t)(int64_t)(int32_t)number(&c, 4);
  uint64_t size = number(&c, 4);
  if (pc < start || pc >= start + size) return 0;
  if (common.augmented) {
    uint64_t skipped = leb(&c, 0);
    c.at += skipped;
  }
  struct rules initial = {SP, 8, 0, -8};
  if (!follow(common.instructions, &common, start, pc, &initial, &initial)) return 0;
  *rules = initial;
  return follow(c, &common, start, pc, &initial, rules) &&
         (rules->base == SP || rules->base == BP);
}

static int word_at(uint64_t address, uint64_t *word) COEXIST_SIGSAFE {
  if (address % 8 != 0 || !coexist_can_read((void *)address, 8)) return 0;
  *word = *(uint64_t *)address;
  return 1;
}

int coexist_frame_up(struct coexist_frame *frame) COEXIST_SIGSAFE {
  struct rules rules;
  if (!rules_at(frame->pc - (frame->returned != 0), &rules)) return 0;
  struct coexist_frame up = {0, 0, frame->bp, 1};
  up.sp = (rules.base == SP ? frame->sp : frame->bp) + rules.offset;
  if (up.sp <= frame->sp || !word_at(up.sp + (uint64_t)rules.saved_pc, &up.pc)) return 0;
  if (rules.saved_bp != 0 && !word_at(up.sp + (uint64_t)rules.saved_bp, &up.bp)) return 0;
  *frame = up;
  return up.pc != 0;
}

uint64_t coexist_caller_past(struct coexist_frame frame, const char *name) COEXIST_SIGSAFE {
  struct coexist_object object = coexist_object_at(frame.pc);
  if (object.map != 0 && coexist_object_symbol(object.map, name) != 0) coexist_frame_up(&frame);
  return frame.pc;
}
