"""Calls to the local SageMaker and to the local S3 server."""

import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request

SAGEMAKER = os.environ["AWS_ENDPOINT_URL_SAGEMAKER"]
S3 = os.environ["AWS_ENDPOINT_URL_S3"]
TIMEOUT_SECONDS = 300


class ServiceError(Exception):
    """An error of the local SageMaker, in its own words."""


def sagemaker(operation, request):
    return call(f"SageMaker.{operation}", request)


def cloudwatch(operation, request):
    return call(f"GraniteServiceVersion20100801.{operation}", request)


def call(target, request):
    request = urllib.request.Request(SAGEMAKER, data=json.dumps(request).encode(), headers={"content-type": "application/x-amz-json-1.1", "x-amz-target": target})
    try:
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read() or b"{}")
    except urllib.error.HTTPError as error:
        body = json.loads(error.read() or b"{}")
        raise ServiceError(f"{body.get('__type', error.code)}: {body.get('message') or body.get('Message', '')}") from None


def s3(method, path, data=None, query=None):
    url = S3 + urllib.parse.quote(path) + (f"?{urllib.parse.urlencode(query)}" if query else "")
    with urllib.request.urlopen(urllib.request.Request(url, data=data, method=method)) as response:
        return response.read()


def object_data(bucket, key, *_args, **_kwargs):
    """The bytes of an object, None when it is not there: what ministack asks its own S3 for."""
    try:
        return s3("GET", f"/{bucket}/{key}")
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def keys_below(bucket, prefix):
    return re.findall(r"<Key>(.*?)</Key>", s3("GET", f"/{bucket}", query={"list-type": "2", "prefix": prefix}).decode())


def until(holds, what):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {TIMEOUT_SECONDS} seconds for {what}")
        time.sleep(0.2)
