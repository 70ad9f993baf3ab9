"""An app as its developers would write it: the snippets of the quick reference, and what can go wrong beside them."""
