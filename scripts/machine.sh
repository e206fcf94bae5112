# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
#
# Sourced after common.sh: the machine that the board is, without its devices

machine=virt,memory-backend=mem
machine_args="-object memory-backend-memfd,id=mem,size=512M,share=on
	-cpu cortex-a57 -m 512 -global virtio-mmio.force-legacy=false
	-display none -monitor none -nic none"
