"""The pages: server-rendered, with no script or style from anywhere else."""
