"""A merge that nobody has finished."""

<<<<<<< HEAD
ONE = 1
=======
ONE = 2
>>>>>>> theirs
