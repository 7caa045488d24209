"""Values and rules of Souvenir; the standard library only."""
