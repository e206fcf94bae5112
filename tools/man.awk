# SPDX-License-Identifier: GPL-2.0-or-later
#
# man.awk - make a page of the manual of what --help prints
#
# A line at the left margin begins a section. What is indented by four is text,
# and a block in which something is indented further, or has columns, stays as it
# is.

function roff(text)
{
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	return text ~ /^[.']/ ? "\\\\&" text : text
}

function flush(i, exact)
{
	for (i = 1; i <= count; i++)
		if (section != "DESCRIPTION" || block[i] ~ /^ |  |^=>/)
			exact = 1
	if (count)
		print exact ? ".PP\n.nf" : ".PP"
	for (i = 1; i <= count; i++)
		print roff(block[i])
	if (exact)
		print ".fi"
	count = 0
}

BEGIN {
	printf ".TH %s 1 \"\" \"%s\"\n", toupper(name), version
}

/^[A-Z]/ {
	flush()
	section = $0
	print ".SH " section
	next
}

/^$/ {
	flush()
	next
}

# man looks for the page's own name here
section == "NAME" {
	sub(/^ */, "")
	sub(/^rpmb-tool [a-z-]+ - /, name " - ")
	print roff($0)
	next
}

{
	sub(/^    /, "")
	block[++count] = $0
}

END {
	flush()
}
