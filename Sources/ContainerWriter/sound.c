// ld.so trusts its files: a table that leads out of the mapping is a crash in it. These are the
// tables that it follows by itself (glibc elf/dl-load.c, elf/dl-reloc.c); code is not judged.
#include "sound.h"

enum { PAGE = 4096, SEGMENTS_MAX = 64 };

struct layout {
  GElf_Phdr loads[SEGMENTS_MAX];
  size_t count;
};

static const GElf_Phdr *at(const struct layout *layout, uint64_t address, uint64_t size) {
  for (size_t i = 0; i < layout->count; i++) {
    const GElf_Phdr *load = &layout->loads[i];
    if (address >= load->p_vaddr && address - load->p_vaddr <= load->p_memsz &&
        size <= load->p_memsz - (address - load->p_vaddr))
      return load;
  }
  return NULL;
}

static const char *segments(const struct file *file, struct layout *layout) {
  GElf_Ehdr header;
  size_t count = 0;
  if (gelf_getehdr(file->elf, &header) == NULL || header.e_phentsize != sizeof(Elf64_Phdr) ||
      header.e_phoff % 8 != 0 || elf_getphdrnum(file->elf, &count) != 0 || count > SEGMENTS_MAX)
    return "the program headers";
  uint64_t end = 0;
  for (size_t i = 0; i < count; i++) {
    GElf_Phdr segment;
    if (gelf_getphdr(file->elf, (int)i, &segment) == NULL) return "the program headers";
    if (segment.p_type != PT_LOAD) continue;
    uint64_t align = segment.p_align;
    if (segment.p_memsz > 1ull << 40 || segment.p_vaddr > 1ull << 46 || segment.p_vaddr < end ||
        !(segment.p_flags & PF_R) || segment.p_flags & ~7u || align < PAGE || align & (align - 1) ||
        align > 1ull << 30 || (segment.p_vaddr - segment.p_offset) % align != 0)
      return "a segment";
    if (layout->count == 0 && (segment.p_offset != 0 || segment.p_vaddr >= PAGE))
      return "the first segment";
    end = segment.p_vaddr + segment.p_memsz;
    layout->loads[layout->count++] = segment;
  }
  return layout->count > 0 ? NULL : "the segments";
}

// Other segments must lie inside those that are mapped; the dynamic section is written to.
static const char *others(const struct file *file, const struct layout *layout) {
  size_t count = 0;
  elf_getphdrnum(file->elf, &count);
  for (size_t i = 0; i < count; i++) {
    GElf_Phdr segment;
    gelf_getphdr(file->elf, (int)i, &segment);
    const GElf_Phdr *load = at(layout, segment.p_vaddr, segment.p_memsz);
    switch (segment.p_type) {
      case PT_DYNAMIC:
        if (load == NULL || !(load->p_flags & PF_W) || segment.p_memsz != segment.p_filesz ||
            segment.p_vaddr - load->p_vaddr != segment.p_offset - load->p_offset)
          return "the dynamic section";
        break;
      case PT_TLS:
        if (segment.p_align & (segment.p_align - 1) || segment.p_align > PAGE ||
            segment.p_memsz < segment.p_filesz || segment.p_memsz > 1 << 24 ||
            (segment.p_filesz != 0 && at(layout, segment.p_vaddr, segment.p_filesz) == NULL))
          return "the thread-local segment";
        break;
      case PT_NOTE:
      case PT_GNU_PROPERTY:
      case PT_GNU_EH_FRAME:
        if (load == NULL || load->p_filesz < segment.p_filesz) return "a note";
        break;
      case PT_GNU_RELRO:
        load = at(layout, segment.p_vaddr, 1);  // its last page may be whole
        if (load == NULL || segment.p_memsz > load->p_memsz + PAGE ||
            segment.p_vaddr + segment.p_memsz >
                ((load->p_vaddr + load->p_memsz + PAGE - 1) & ~(uint64_t)(PAGE - 1)))
          return "relro";
        break;
      default: break;
    }
  }
  return NULL;
}

static const char *relocations(const struct file *file, const struct layout *layout, int64_t tag,
                               int64_t size_tag) {
  uint64_t address = file_tag(file, tag, 0), size = file_tag(file, size_tag, 0);
  const GElf_Phdr *load = at(layout, address, size);
  if (address == 0 || size == 0) return NULL;
  if (load == NULL || address - load->p_vaddr + size > load->p_filesz || address % 8 != 0)
    return "the relocations";
  const Elf64_Rela *list =
      (const void *)(file->bytes + load->p_offset + (address - load->p_vaddr));
  size_t symbols = 0;
  file_symbols(file, &symbols);
  for (uint64_t i = 0; i < size / sizeof *list; i++) {
    const GElf_Phdr *target = at(layout, list[i].r_offset, 1);
    if (target == NULL || (symbols != 0 && ELF64_R_SYM(list[i].r_info) >= symbols))
      return "a relocation";
    if (!(target->p_flags & PF_W) && file_tag(file, DT_TEXTREL, UINT64_MAX) == UINT64_MAX &&
        !(file_tag(file, DT_FLAGS, 0) & DF_TEXTREL))
      return "a relocation";
  }
  return NULL;
}

const char *file_damage(const struct file *file) {
  static const struct {
    int64_t tag;
    uint32_t flags;
  } tables[] = {{DT_SYMTAB, PF_R},   {DT_STRTAB, PF_R},     {DT_GNU_HASH, PF_R},
                {DT_HASH, PF_R},     {DT_VERSYM, PF_R},     {DT_VERNEED, PF_R},
                {DT_VERDEF, PF_R},   {DT_INIT, PF_X},       {DT_FINI, PF_X},
                {DT_RELR, PF_R},     {DT_INIT_ARRAY, PF_R}, {DT_FINI_ARRAY, PF_R},
                {DT_PLTGOT, PF_W}};
  struct layout layout = {.count = 0};
  const char *damage = segments(file, &layout);
  if (damage == NULL) damage = others(file, &layout);
  for (unsigned i = 0; i < sizeof tables / sizeof tables[0] && damage == NULL; i++) {
    uint64_t address = file_tag(file, tables[i].tag, 0);
    const GElf_Phdr *load = address != 0 ? at(&layout, address, 1) : NULL;
    if (address != 0 && (load == NULL || !(load->p_flags & tables[i].flags)))
      damage = "a table of the dynamic section";
  }
  if (damage == NULL) damage = relocations(file, &layout, DT_RELA, DT_RELASZ);
  if (damage == NULL) damage = relocations(file, &layout, DT_JMPREL, DT_PLTRELSZ);
  return damage;
}
