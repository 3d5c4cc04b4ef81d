"""Operations that the clock calls."""
