"""What every process does with jobs in the same way: end them, cancel them, replay
them, enqueue them, and say how they stand on the wire.

Functions take the ports that they use; `shared.jobs.job_ports` names the bundles.
"""
