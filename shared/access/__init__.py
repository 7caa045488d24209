"""What one request may touch: the wall between projects, and between a user's key and
everybody else, in one place.

    guarded(ports, access)    the same ports, which refuse what is not the request's

The gateway hands its routes nothing but such ports, the status service too. So no route
has to remember to ask, and one that asks for another project's data gets an error, not
the data.
"""
