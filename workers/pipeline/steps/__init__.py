"""The steps of a job, one function a file, each named like its file. Their order stands
in `workers.pipeline.sequence`.
"""
