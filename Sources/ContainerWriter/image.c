#include "image.h"

#include <ccoexist/container_writer.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>

enum { SEGMENTS = 4, PAGE = 4096 };

static uint64_t up(uint64_t value, uint64_t align) { return (value + align - 1) & ~(align - 1); }

void image_start(struct image *image) {
  image->count = image->dynamic_count = 0;
  image->tls_size = 0, image->has_code = 0;
  image->end = sizeof(Elf64_Ehdr) + SEGMENTS * sizeof(Elf64_Phdr);
}

uint64_t image_add(struct image *image, struct piece piece) {
  piece.address = up(image->end, piece.align);
  image->end = piece.address + piece.size;
  image->pieces[image->count++] = piece;
  return piece.address;
}

void image_tag(struct image *image, int64_t tag, uint64_t value) {
  if (image->dynamic_count + 1 == IMAGE_DYNAMIC_MAX) return;
  image->dynamic[image->dynamic_count++] = (Elf64_Dyn){tag, {value}};
}

// Section names, at names_at, are for tools; all else is loaded.
static int write_section(Elf *elf, const struct piece *piece, unsigned name, uint64_t names_at) {
  Elf_Scn *section = elf_newscn(elf);
  Elf_Data *data = section == NULL ? NULL : elf_newdata(section);
  Elf64_Shdr *header = section == NULL ? NULL : elf64_getshdr(section);
  if (data == NULL || header == NULL) return 0;
  // Bytes: the tables are in this machine's own form, and nothing in them needs translation.
  *data = (Elf_Data){.d_buf = (void *)piece->data, .d_type = ELF_T_BYTE, .d_size = piece->size,
                     .d_align = piece->align, .d_version = EV_CURRENT};
  *header = (Elf64_Shdr){.sh_name = name, .sh_type = piece->type, .sh_addr = piece->address,
                         .sh_offset = piece->address, .sh_size = piece->size,
                         .sh_flags = piece->address == names_at ? 0 : SHF_ALLOC,
                         .sh_link = piece->link, .sh_info = piece->info,
                         .sh_addralign = piece->align, .sh_entsize = piece->entry_size};
  return 1;
}

// One mapping that nobody writes to: of a dynamic section that is read-only the loader relocates no
// pointer in place (glibc 2.35 elf/get-dynamic-info.h). Without PT_GNU_STACK it would make every
// stack executable (elf/dl-load.c).
static void segments(Elf64_Phdr *out, const struct image *image, uint64_t dynamic) {
  uint64_t dynamic_size = image->dynamic_count * sizeof(Elf64_Dyn), end = dynamic + dynamic_size;
  uint32_t flags = image->has_code ? PF_R | PF_X : PF_R;
  out[0] = (Elf64_Phdr){PT_LOAD, flags, 0, 0, 0, end, end, PAGE};
  out[1] = (Elf64_Phdr){PT_DYNAMIC, PF_R, dynamic, dynamic, dynamic, dynamic_size, dynamic_size, 8};
  out[2] = (Elf64_Phdr){PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0, 0, 16};
  out[3] = (Elf64_Phdr){PT_TLS, PF_R, 0, 0, 0, 0, image->tls_size, 64};
}

static int fill(struct image *image, Elf *elf, uint64_t dynamic, const char *names,
                uint64_t names_size) {
  elf_flagelf(elf, ELF_C_SET, ELF_F_LAYOUT);
  Elf64_Ehdr *header = elf64_newehdr(elf);
  size_t programs_count = SEGMENTS - (image->tls_size == 0);  // PT_TLS is the last one
  Elf64_Phdr *programs = header == NULL ? NULL : elf64_newphdr(elf, programs_count);
  if (programs == NULL) return 0;
  memcpy(header->e_ident, ELFMAG, SELFMAG);
  header->e_ident[EI_CLASS] = ELFCLASS64, header->e_ident[EI_DATA] = ELFDATA2LSB;
  header->e_type = ET_DYN, header->e_machine = EM_X86_64, header->e_version = EV_CURRENT;
  header->e_phoff = sizeof *header;
  Elf64_Phdr all[SEGMENTS];
  segments(all, image, dynamic);
  memcpy(programs, all, programs_count * sizeof *all);
  uint64_t name = 1;
  for (unsigned i = 0; i < image->count; i++) {
    if (!write_section(elf, &image->pieces[i], (unsigned)name, image->end)) return 0;
    name += strlen(image->pieces[i].name) + 1;
  }
  struct piece last = {".shstrtab", names, names_size, 1, 0, SHT_STRTAB, 0, 0, image->end};
  if (!write_section(elf, &last, (unsigned)name, image->end)) return 0;
  header->e_shstrndx = (uint16_t)(image->count + 1);
  header->e_shoff = up(image->end + names_size, 8);
  return elf_update(elf, ELF_C_WRITE) >= 0;
}

int image_write(struct image *image, int fd, char *error) {
  image_tag(image, DT_NULL, 0);
  uint64_t dynamic = image_add(
      image, (struct piece){.name = ".dynamic", .data = image->dynamic, .type = SHT_DYNAMIC,
                            .size = image->dynamic_count * sizeof(Elf64_Dyn), .align = 8,
                            .entry_size = sizeof(Elf64_Dyn), .link = 2});
  char names[256] = {0};
  uint64_t size = 1;
  for (unsigned i = 0; i <= image->count; i++) {
    const char *name = i < image->count ? image->pieces[i].name : ".shstrtab";
    strcpy(names + size, name);
    size += strlen(name) + 1;
  }
  elf_version(EV_CURRENT);
  Elf *elf = elf_begin(fd, ELF_C_WRITE, NULL);
  int good = elf != NULL && fill(image, elf, dynamic, names, size);
  if (!good) snprintf(error, COEXIST_WRITER_ERROR_MAX, "libelf: %s", elf_errmsg(-1));
  if (elf != NULL) elf_end(elf);
  return good ? 0 : -1;
}
