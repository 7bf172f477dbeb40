"""Secrets as people leave them in addresses, queries and words; each with the part to look for."""

from __future__ import annotations

__all__ = ["PLANTED"]

PLANTED: list[tuple[str, str]] = [
    ("postgresql://anna:hunter2@db.example/shop#orders", "hunter2"),
    ("postgresql://anna:p@ss/w0rd@db.example/shop#orders", "w0rd"),
    ("postgresql://db.example/shop?user=anna&password=hunter2#orders", "hunter2"),
    ("host=db password='hunter 2' dbname=shop", "hunter 2"),
    (
        "s3://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMIK7@bucket/orders.parquet",
        "wJalrXUtnFEMIK7",
    ),
    ("s3://bucket/AKIAIOSFODNN7EXAMPLE/orders.parquet", "AKIAIOSFODNN7EXAMPLE"),
    ("s3://bucket/orders.parquet?X-Amz-Signature=abcdef0123", "abcdef0123"),
    ("abfss://box@acc.dfs.core.windows.net/o?sv=2024&sig=Zm9vYmFy%3D", "Zm9vYmFy"),
    ("create secret (type s3, key_id 'K1', secret 'S3cr3t/x')", "S3cr3t/x"),
    ("AccountName=acc;AccountKey=Zm9vYmFyYmF6==;EndpointSuffix=x", "Zm9vYmFyYmF6"),
    ("token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sflKxwRJ'", "sflKxwRJ"),
    ('{"aws_secret_access_key": "wJalrXUtnFEMIK7"}', "wJalrXUtnFEMIK7"),
]
"""text -> the secret in it"""
