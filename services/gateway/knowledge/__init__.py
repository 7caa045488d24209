"""Knowledge bases, their files and the skills in them."""
