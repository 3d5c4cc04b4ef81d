"""What a change of the specs breaks, and for whom: rules over two systems.

`revision` reads the specs of a commit, `version` makes a system of them, `change` says what in the new one
stands for what in the old one, the rules look at that, and `places` says where to look.
"""
