# Generated from services/shop/spec by `make generate-from-spec`. Do not edit.
<<<<<<< HEAD
ONE = 1
=======
ONE = 2
>>>>>>> theirs
