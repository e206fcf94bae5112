// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: arguments of the 'rpmb' command
 *
 * test/fuzz/lines.py runs whole commands.
 */

#include "../../cmd/rpmb-args.c"
#include "fuzz_input.h"

#define RAM_BASE	0x10000
#define RAM_SIZE	0x2000
#define CAPACITY	2
#define MOST_DIGITS	24

static struct fuzz_input in;
static struct global_data global;
gd_t *gd = &global;
static u8 *ram;
static struct udevice dev = { .name = "mmc0" };

void *map_physmem(phys_addr_t paddr, unsigned long len, unsigned long flags)
{
	return ram + (paddr - RAM_BASE);
}

phys_addr_t map_to_sysmem(const void *ptr)
{
	return (const u8 *)ptr - ram + RAM_BASE;
}

phys_addr_t lmb_alloc_addr(phys_addr_t base, phys_size_t size)
{
	return base & 0x100 ? 0 : base;
}

phys_addr_t lmb_alloc_addr_flags(phys_addr_t base, phys_size_t size, uint flags)
{
	return lmb_alloc_addr(base, size);
}

int rpmb_get_capacity(struct udevice *dev, u8 target)
{
	return CAPACITY;
}

/* lib/strto.c has a function that wants it, which nobody calls */
char *sandbox_strdup(const char *text)
{
	abort();
}

/* A word of the command line; most of them are digits */
static char *take_word(void)
{
	static const char chars[] = "0123456789abcdefABCDEFxXxg-+ :none";
	u32 i, len = fuzz_pick(&in, MOST_DIGITS);
	char *word = malloc(len + 1);
	u8 c;

	for (i = 0; i < len; i++) {
		c = fuzz_u8(&in);
		word[i] = c < 0x80 ? chars[c % (sizeof(chars) - 1)] : (char)c;
		if (!word[i])
			word[i] = 'n';
	}
	word[len] = '\0';
	return word;
}

/* The same, said another way */
static bool is_hex(const char *word, u64 max, u64 *val)
{
	const char *p = word;

	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	for (*val = 0; *p; p++) {
		char c = *p | 0x20;
		int digit = *p >= '0' && *p <= '9' ? *p - '0' :
			    c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;

		if (digit < 0 || *val >> 60)
			return false;
		*val = *val << 4 | digit;
	}
	return p > word && p[-1] != 'x' && p[-1] != 'X' && *val <= max;
}

static void numbers(const char *word)
{
	static const u64 most[] = { 0, 1, 0xff, U32_MAX, U64_MAX };
	u64 max = most[fuzz_pick(&in, ARRAY_SIZE(most))], got, want;
	rpmb_keyid_t id;
	bool good = is_hex(word, max, &want);

	fuzz_must(rpmb_args_is_hex(word, max, &got) == good);
	fuzz_must(!good || got == want);
	if (!rpmb_args_keyid(word, fuzz_u8(&in) & 1, &id))
		fuzz_must(id <= 0xffff || id == RPMB_KEY_NONE);
}

static void memory(const char *word)
{
	u8 how = fuzz_u8(&in);
	ulong len = how & 0x80 ? fuzz_u64(&in) : fuzz_u16(&in);
	u8 *mem = how & 1 ? rpmb_args_mem(word, len) :
		  how & 2 ? rpmb_args_mem_out(word, len) :
			    rpmb_args_mem_bytes(word, len);

	if (!mem)
		return;
	fuzz_must(mem >= ram && mem < ram + RAM_SIZE &&
		  len <= RAM_SIZE - (mem - ram));
	memset(mem, 0x11, len);
}

static void blocks(const char *one, const char *other)
{
	const struct rpmb_where w = { &dev, 0 };
	char *argv[] = { (char *)one, (char *)other };
	ulong blk, cnt;

	if (!rpmb_args_blocks(&w, argv, &blk, &cnt))
		fuzz_must(cnt && blk + cnt > blk &&
			  blk + cnt <= CAPACITY * RPMB_BLOCKS_PER_UNIT);
}

static void copy_fit(const char *word)
{
	struct fdt_header h = { .magic = cpu_to_fdt32(FDT_MAGIC) };
	const char *why;
	void *copy;

	h.totalsize = cpu_to_fdt32(fuzz_u8(&in) & 1 ? fuzz_u32(&in) :
				   fuzz_u16(&in));
	h.version = cpu_to_fdt32(17);
	h.last_comp_version = cpu_to_fdt32(16);
	memcpy(ram + (fuzz_u16(&in) % (RAM_SIZE - sizeof(h)) & ~3), &h,
	       sizeof(h));
	if (!rpmb_args_copy_fit(word, &copy, &why))
		free(copy);
	else
		fuzz_must(*why);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char *one, *other;

	in = (struct fuzz_input){ data, size };
	ram = malloc(RAM_SIZE);
	memset(ram, 0, RAM_SIZE);
	global.ram_base = RAM_BASE;
	global.ram_size = RAM_SIZE;
	one = take_word();
	other = take_word();
	numbers(one);
	memory(one);
	blocks(one, other);
	copy_fit(other);
	free(one);
	free(other);
	free(ram);
	return 0;
}
