"""The address of an object -> the store it lies in, as Arrow speaks with it.

Keys, tokens, profiles and endpoints come from the environment or the client's own files, as every
other program finds them; nothing of them passes through here but names of hosts.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from foreship.addresses.address import store_parts
from foreship.addresses.secrets import without_secrets
from foreship.errors import DoorMissing, StorageError, StoreUnreachable
from foreship.params import StoreParams

__all__ = ["amazon_endpoint", "filesystem_of", "store_errors"]

CONNECT_SECONDS = 5.0
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
AZURE_HOST = ".dfs.core.windows.net"
UNREACHED = ("curlCode", "NETWORK_CONNECTION", "timed out", "Timeout", "resolve", "UNAVAILABLE")


def filesystem_of(place: str, settings: StoreParams) -> tuple[Any, str]:
    """Return Arrow's file system of a store, and the path of an object in it.

    Parameters
    ----------
    place
        `s3://bucket/key`, `gs://bucket/key`, `abfss://container@account.dfs.core.windows.net/key`,
        `az://account/container/key`.
    settings
        How patient it is.

    Raises
    ------
    DoorMissing
        If Arrow was built without this store.
    """
    scheme, host, inside = store_parts(place)
    try:
        if scheme == "s3":
            return _amazon(settings), f"{host}/{inside}"
        if scheme in ("gs", "gcs"):
            return _google(settings), f"{host}/{inside}"
        if scheme == "az":
            return _azure(host), inside
        container, _, account = host.partition("@")
        return _azure(account.removesuffix(AZURE_HOST)), f"{container}/{inside}"
    except ImportError as error:
        raise DoorMissing(f"this pyarrow does not speak {scheme}:// ({error})") from None


def _amazon(settings: StoreParams) -> Any:
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    endpoint = urlsplit(amazon_endpoint() or "")
    where = {"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme or "https"}
    region = _stated(REGIONS) or ("us-east-1" if endpoint.netloc else None)
    return S3FileSystem(
        region=region,
        connect_timeout=CONNECT_SECONDS,
        request_timeout=settings.seconds,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=settings.attempts),
        **(where if endpoint.netloc else {}),
    )


def amazon_endpoint() -> str | None:
    """Return the server that speaks like Amazon's, where another one is stated."""
    return _stated(ENDPOINTS)


def _google(settings: StoreParams) -> Any:
    from pyarrow.fs import GcsFileSystem

    emulator = os.environ.get("STORAGE_EMULATOR_HOST", "")
    parts = urlsplit(emulator if "://" in emulator else f"http://{emulator}")
    where = {"endpoint_override": parts.netloc, "scheme": parts.scheme, "anonymous": True}
    patience = timedelta(seconds=settings.seconds)
    return GcsFileSystem(retry_time_limit=patience, **(where if emulator else {}))


def _azure(account: str) -> Any:
    from pyarrow.fs import AzureFileSystem

    key = _stated(("AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY"))
    token = None if key else _stated(("AZURE_STORAGE_SAS_TOKEN",))
    return AzureFileSystem(account, account_key=key, sas_token=token)


def _stated(names: tuple[str, ...]) -> str | None:
    """Return the first of some variables that is set."""
    return next((os.environ[each] for each in names if os.environ.get(each)), None)


@contextlib.contextmanager
def store_errors(place: str, doing: str = "read") -> Iterator[None]:
    """Turn what a store says when it fails into one sentence of ours, without secrets.

    Raises
    ------
    StoreUnreachable
        If it does not answer.
    StorageError
        If it refuses.
    """
    try:
        yield
    except (OSError, ValueError) as error:  # Arrow's own errors are of both kinds
        words = without_secrets(" ".join(str(error).split()))
        kind = StorageError
        if any(each in words for each in UNREACHED):
            kind, words = StoreUnreachable, "it does not answer"
        elif "ACCESS_DENIED" in words or "403" in words or "FORBIDDEN" in words.upper():
            words = "it refuses our key, or has none of ours"
        raise kind(f"cannot {doing} {without_secrets(place)}: {words[:300]}") from None
