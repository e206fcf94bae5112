// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: what U-Boot does with a FIT before it knows who has signed it
 *
 * boot/image-fit.c and boot/image-fit-sig.c are those of the U-Boot tree. Here
 * is what they want of their surroundings: signatures that are always good, or
 * always bad, and no hashes.
 */

#include <stdlib.h>
#include <image.h>
#include <linux/libfdt.h>
#include <rpmb/look.h>
#include "policy-internal.h"

#define MOST_IMAGES	512

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static char control[4096] __attribute__((aligned(8)));
static bool is_good;

int rpmb_fit_look(const void *fit, unsigned long size)
{
	u32 steps;

	return rpmb_look(fit, size, &rpmb_look_fit, &steps);
}

/* In a board there is nothing behind the end of RAM; here it is not known */
int rpmb_fdt_look(const void *fdt, unsigned long size)
{
	u32 steps;

	return rpmb_look(fdt, size, &rpmb_look_os, &steps);
}

static int verify(struct image_sign_info *info,
		  const struct image_region region[], int count, uint8_t *sig,
		  uint sig_len)
{
	volatile u8 sum = 0;
	int i, k;

	for (i = 0; i < count; i++)
		for (k = 0; k < region[i].size; k += 64)
			sum += ((const u8 *)region[i].data)[k];
	for (i = 0; i < sig_len; i++)
		sum += sig[i];
	return is_good ? 0 : -1;
}

struct crypto_algo *image_get_crypto_algo(const char *name)
{
	static struct crypto_algo algo = { .name = "any", .verify = verify };

	return &algo;
}

struct checksum_algo *image_get_checksum_algo(const char *name)
{
	static struct checksum_algo algo = { .name = "any" };

	return &algo;
}

struct padding_algo *image_get_padding_algo(const char *name)
{
	static struct padding_algo algo = { .name = "any" };

	return &algo;
}

/* Names of types are not told apart, and nothing is decompressed or decrypted */
#define ANY(name)	int name(const char *text) { return 1; }
#define ANY_NAME(name)	const char *name(u8 id) { return "any"; }

ANY(genimg_get_arch_id)
ANY(genimg_get_comp_id)
ANY(genimg_get_os_id)
ANY(genimg_get_phase_id)
ANY(genimg_get_type_id)
ANY_NAME(genimg_get_arch_name)
ANY_NAME(genimg_get_comp_name)
ANY_NAME(genimg_get_os_name)
ANY_NAME(genimg_get_type_name)

const char *genimg_get_phase_name(enum image_phase_t phase)
{
	return "any";
}

int hash_lookup_algo(const char *name, struct hash_algo **algop)
{
	return -1;
}

int image_decomp(int comp, ulong load, ulong image_start, int type,
		 void *load_buf, void *image_buf, ulong image_len,
		 uint unc_len, ulong *load_end)
{
	return -1;
}

int fit_image_decrypt_data(const void *fit, int image_noffset,
			   int cipher_noffset, const void *data, size_t size,
			   void **data_unciphered, size_t *size_unciphered)
{
	return -1;
}

static void make_control(void)
{
	fdt_create(control, sizeof(control));
	fdt_finish_reservemap(control);
	fdt_begin_node(control, "");
	fdt_property_string(control, "compatible", "sandbox");
	fdt_begin_node(control, FIT_SIG_NODENAME);
	fdt_begin_node(control, "key-os");
	fdt_property_string(control, FIT_KEY_REQUIRED, "conf");
	fdt_end_node(control);
	fdt_end_node(control);
	fdt_end_node(control);
	fdt_finish(control);
	image_set_host_blob(control);
}

static int count_image(const void *fit, ...)
{
	static int images;

	images = fit ? images + 1 : 0;
	if (images > MOST_IMAGES)
		abort();
	return 0;
}

static void read_conf(const void *fit, int conf)
{
	for (is_good = false; ; is_good = true) {
		fit_config_verify(fit, conf);
		if (is_good)
			break;
	}
	count_image(NULL);
	rpmb_fit_each_image(fit, conf, (rpmb_fit_image_t)count_image, NULL);
	fit_conf_get_prop_node(fit, conf, FIT_KERNEL_PROP, IH_PHASE_NONE);
	fit_conf_get_prop_node_index(fit, conf, FIT_FDT_PROP, 2);
}

static void read_fit(const void *fit)
{
	int conf, confs = fdt_path_offset(fit, FIT_CONFS_PATH);

	fit_conf_get_node(fit, NULL);
	fit_conf_get_node(fit, "conf#other");
	fit_conf_find_compat(fit, control);
	fdt_for_each_subnode(conf, fit, confs)
		read_conf(fit, conf);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 *fit = malloc(size + !size);

	if (!fdt_magic(control))
		make_control();
	memcpy(fit, data, size);
	if (!fit_check_format(fit, size))
		read_fit(fit);
	free(fit);
	return 0;
}
