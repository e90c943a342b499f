"""The private PostgreSQL + PostGIS cluster: made, started and minded for a user who has no server.

Unix socket only, no password, no system-wide service. `cluster.Cluster` is the whole of it; the other
modules find the server's programs, lay out the folders and hold the locks.
"""

from geo_registry.db.embedded.cluster import Cluster, ClusterStatus

__all__ = ["Cluster", "ClusterStatus"]
