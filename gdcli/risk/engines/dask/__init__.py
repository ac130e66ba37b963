"""Parts on the workers of a Dask cluster: `opened` in cluster.py is the door. Nothing else imports distributed."""
