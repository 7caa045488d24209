"""`souvenir up`: starts and supervises the processes of one machine. `souvenir doctor`:
says what is wrong with a set-up.
"""
