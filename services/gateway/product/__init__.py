"""What the open-source server's routes do that the Cloud's do not (contract, section
2). A cube is a user here.
"""
