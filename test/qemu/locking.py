# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wrong with a unique key's lock, and what a closed board says of it"""

STOPPED = b'### ERROR ### Please RESET the board ###\n'
UNLOCKED = ("^rpmb: the unique key or a provider's secret cannot be locked "
          r'\(error %d\)$')
CLOSED = '^rpmb: this board is closed: whatever came next could read it$'
# What is wrong with the lock: arguments, and the error that is said
FAULTS = ((['-fw_cfg', 'name=opt/rpmb/lock-fails,string=1'], -5),
          (['-fw_cfg', 'name=opt/rpmb/lock-lies,string=1'], -13))
