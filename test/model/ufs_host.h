/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UFS host controller in front of the UFS front end (JESD223, UFSHCI)
 *
 * Registers, link start-up, power mode, hibernation, the interrupt, and UTP
 * transfer requests: NOP, query and SCSI command UPIUs. No task management, no
 * queues of UFSHCI 4.0.
 */

#ifndef _UFS_HOST_H
#define _UFS_HOST_H

#include "ufs_front.h"

/** define UFS_HOST_SIZE - bytes of register space */
#define UFS_HOST_SIZE		0x1000

/** define UFS_HOST_SLOTS - transfer requests at the same time */
#define UFS_HOST_SLOTS		32

/** define UFS_HOST_UPIU - most bytes in a response UPIU */
#define UFS_HOST_UPIU		512

/** enum ufs_host_stubborn - what a host controller does not do when told to */
enum ufs_host_stubborn {
	UFS_HOST_KEEPS_SLOTS	= 1 << 0,	/* clear a slot */
	UFS_HOST_STAYS_ON	= 1 << 1,	/* stop */
	UFS_HOST_STAYS_OFF	= 1 << 2,	/* start */
};

/**
 * struct ufs_host_slot - a transfer request under way
 *
 * @due:	when it is answered, in ms of ufs_host_ops.now(); 0: never
 * @data:	data on their way to the host, NULL for none
 * @len:	bytes of @data
 * @prdt:	where they go: address of the PRD table
 * @entries:	entries in it
 * @rsp:	response UPIU
 * @rsp_len:	bytes of it
 * @rsp_addr:	where it goes
 * @ocs:	overall command status
 */
struct ufs_host_slot {
	u64 due;
	u8 *data;
	u32 len;
	u64 prdt;
	u32 entries;
	u8 rsp[UFS_HOST_UPIU];
	u32 rsp_len;
	u64 rsp_addr;
	u8 ocs;
};

/** struct ufs_host_ops - what the host controller needs of its bus */
struct ufs_host_ops {
	/** @dma: guest memory at @addr, or NULL if not all of it is there */
	void *(*dma)(void *ctx, u64 addr, u64 len);
	/** @now: milliseconds, not 0 */
	u64 (*now)(void *ctx);
	/** @power_cut: the device has lost power; does not return */
	void (*power_cut)(void *ctx);
	/** @irq: the interrupt is asserted, or no longer; can be NULL */
	void (*irq)(void *ctx, bool level);
};

/**
 * struct ufs_host - one host controller
 *
 * @front end:	the device
 * @ops:	see there
 * @ctx:	handed to @ops
 * @delay_ms:	how long UFS_FRONT_LATE is
 * @hibernations: times that the link was put to sleep
 * @quiet:	frames that were lost are not answered; else it is an error
 * @stubborn:	enum ufs_host_stubborn
 * @ghost:	a late answer to a request that was cleared: it passes for that
 *		of the next one
 * @reg:	registers, by offset / 4
 * @slot:	transfer requests whose doorbell bit is set
 */
struct ufs_host {
	struct ufs_front *front;
	const struct ufs_host_ops *ops;
	void *ctx;
	u32 delay_ms;
	u32 hibernations;
	bool quiet;
	u32 stubborn;
	struct ufs_host_slot ghost;
	u32 reg[UFS_HOST_SIZE / 4];
	struct ufs_host_slot slot[UFS_HOST_SLOTS];
};

/**
 * ufs_host_reset() - registers as after power-up, no request under way
 *
 * @h:		host controller
 */
void ufs_host_reset(struct ufs_host *h);

/**
 * ufs_host_read() - read a register
 *
 * @h:		host controller
 * @at:		offset, a multiple of 4 below UFS_HOST_SIZE
 * Return: value
 */
u32 ufs_host_read(const struct ufs_host *h, u32 at);

/**
 * ufs_host_write() - write a register
 *
 * @h:		host controller
 * @at:		offset, a multiple of 4 below UFS_HOST_SIZE
 * @val:	value
 */
void ufs_host_write(struct ufs_host *h, u32 at, u32 val);

/**
 * ufs_host_tick() - answer what is due
 *
 * @h:		host controller
 * Return: milliseconds until the next answer is due, -1 if none is
 */
int ufs_host_tick(struct ufs_host *h);

#endif /* _UFS_HOST_H */
