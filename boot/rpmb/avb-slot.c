// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Android slots: verify all partitions that one boots from
 *
 * libavb verifies only the partitions that it is asked for. The vbmeta of a
 * slot, and those that it is chained to, describe all partitions: so they are
 * read first. Partitions with a hash tree are verified by the operating system,
 * with dm-verity.
 */

#define LOG_CATEGORY UCLASS_RPMB

#include <avb_verify.h>
#include <malloc.h>
#include <stdio.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <rpmb-hooks.h>
#include "avb-internal.h"

#define MOST_PARTITIONS	32	/* as libavb has it */

/**
 * struct partitions - what a slot consists of, as far as it has hashes
 *
 * @name:	names, without the slot's suffix
 * @count:	number of them
 * @too_many:	there are more, or a name is too long
 */
struct partitions {
	char name[MOST_PARTITIONS][RPMB_AVB_NAME_BYTES];
	int count;
	bool too_many;
};

static bool is_known(const struct partitions *p, const char *name)
{
	int i;

	for (i = 0; i < p->count; i++)
		if (!strcmp(p->name[i], name))
			return true;
	return false;
}

static_assert(RPMB_AVB_LOCATIONS == AVB_MAX_NUMBER_OF_ROLLBACK_INDEX_LOCATIONS,
	      "as libavb has it");

/* Called for each descriptor of a verified vbmeta */
static bool add_partition(const AvbDescriptor *desc, void *priv)
{
	struct partitions *p = priv;
	char name[RPMB_AVB_NAME_BYTES] = "";
	AvbHashDescriptor hash;
	AvbDescriptor head;
	bool good = avb_descriptor_validate_and_byteswap(desc, &head);

	if (!good) /* LCOV_EXCL_BR_LINE: libavb has looked at all of them */
		return false;
	if (head.tag != AVB_DESCRIPTOR_TAG_HASH)
		return true;
	good = avb_hash_descriptor_validate_and_byteswap((void *)desc, &hash);
	if (!good) /* LCOV_EXCL_BR_LINE: libavb has looked at all of them */
		return false;
	if (p->count == MOST_PARTITIONS ||
	    hash.partition_name_len >= sizeof(name)) {
		p->too_many = true;
		return false;
	}
	memcpy(name, (const u8 *)desc + sizeof(hash), hash.partition_name_len);
	if (!is_known(p, name))
		strcpy(p->name[p->count++], name);
	return true;
}

/* With this flag in its vbmeta libavb accepts anything */
static bool verifies(const AvbSlotVerifyData *data)
{
	AvbVBMetaImageHeader head;

	avb_vbmeta_image_header_to_host_byte_order((const void *)
		data->vbmeta_images[0].vbmeta_data, &head);
	return !(head.flags & AVB_VBMETA_IMAGE_FLAGS_VERIFICATION_DISABLED);
}

static const char *list(struct partitions *p, const AvbSlotVerifyData *data)
{
	size_t i;

	if (!verifies(data))
		return "its vbmeta switches verification off";
	for (i = 0; i < data->num_vbmeta_images; i++)
		avb_descriptor_foreach(data->vbmeta_images[i].vbmeta_data,
				       data->vbmeta_images[i].vbmeta_size,
				       add_partition, p);
	if (p->too_many)
		return "its vbmeta describes too many partitions";
	return is_known(p, "boot") ? NULL :
		"its vbmeta describes no partition 'boot'";
}

/*
 * Verify one partition, since there may be no memory for all of them; or list
 * them, if @name is NULL. Return: NULL, or why not
 */
static const char *verify(AvbOps *ops, const char *suffix, const char *name,
			  struct partitions *p, u64 index[RPMB_AVB_LOCATIONS])
{
	const char *const wanted[] = { name, NULL };
	const char *why = NULL;
	AvbSlotVerifyData *data;
	AvbSlotVerifyResult res;
	int i;

	res = avb_slot_verify(ops, wanted, suffix, AVB_SLOT_VERIFY_FLAGS_NONE,
			      AVB_HASHTREE_ERROR_MODE_RESTART_AND_INVALIDATE,
			      &data);
	if (res != AVB_SLOT_VERIFY_RESULT_OK)
		why = str_avb_slot_error(res);
	else if (!name)
		why = list(p, data);
	for (i = 0; !why && i < RPMB_AVB_LOCATIONS; i++)
		index[i] = min(index[i], (u64)data->rollback_indexes[i]);
	if (data)
		avb_slot_verify_data_free(data);
	return why;
}

const char *rpmb_avb_slot_lower(struct AvbOps *ops, const char *suffix,
				const char *but, u64 index[RPMB_AVB_LOCATIONS],
				char name[RPMB_AVB_NAME_BYTES])
{
	struct partitions *p = calloc(1, sizeof(*p));
	const char *why;
	int i;

	strcpy(name, "vbmeta");
	if (!p)
		return "no memory";
	why = verify(ops, suffix, NULL, p, index);
	for (i = 0; !why && i < p->count; i++) {
		strcpy(name, p->name[i]);
		if (!but || strcmp(name, but))
			why = verify(ops, suffix, name, p, index);
	}
	free(p);
	return why;
}

int rpmb_avb_verify_rest(struct AvbOps *ops, const char *suffix)
{
	u64 index[RPMB_AVB_LOCATIONS] = { 0 };
	char name[RPMB_AVB_NAME_BYTES];
	const char *why;

	why = rpmb_avb_slot_lower(ops, suffix, "boot", index, name);
	if (!why)
		return 0;
	printf("avb: REFUSED: slot '%s' is not to be booted: %s: %s\n", suffix,
	       name, why);
	return -EBADMSG;
}
