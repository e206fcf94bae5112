# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of scripts/bench: each measures something, prints it, and judges"""
