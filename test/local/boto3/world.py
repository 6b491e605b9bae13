"""What the programs here have in common: clients that are watched, requests, and waiting."""
import inspect
import io
import json
import os
import sys
import tarfile
import time
import traceback
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from conformance import Conformance

ROLE = "arn:aws:iam::123456789012:role/some-role"
ACCOUNT = "123456789012"
QUICKLY = {"Delay": 1, "MaxAttempts": 120}
IS_CONTAINER = os.environ.get("CDK_SAGEMAKER_TEST_MODE") == "container"
#: In containers a program of its own; as a process, a script in any image.
IMAGE = os.environ.get("CDK_SAGEMAKER_TEST_IMAGE") if IS_CONTAINER else f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/mine:1"

conformance = Conformance()


def client(service, **config):
    """A client as users make it: the address comes from AWS_ENDPOINT_URL_<service>."""
    options = {"retries": {"total_max_attempts": 1}, **({"s3": {"addressing_style": "path"}} if service == "s3" else {})}
    return conformance.watch(boto3.client(service, config=Config(**{**options, **config})))


sagemaker, runtime, s3, logs, cloudwatch = (client(name) for name in ("sagemaker", "sagemaker-runtime", "s3", "logs", "cloudwatch"))


def name(prefix):
    """A name that nobody else has."""
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def bucket():
    """The bucket of the tests."""
    if not any(each["Name"] == "boto3-tests" for each in s3.list_buckets()["Buckets"]):
        s3.create_bucket(Bucket="boto3-tests")
    return "boto3-tests"


def put(key, body):
    s3.put_object(Bucket=bucket(), Key=key, Body=body)
    return f"s3://{bucket()}/{key}"


def get(uri):
    owner, key = uri.removeprefix("s3://").split("/", 1)
    return s3.get_object(Bucket=owner, Key=key)["Body"].read()


def archive(key, files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, text in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return put(key, buffer.getvalue())


def unpacked(uri):
    with tarfile.open(fileobj=io.BytesIO(get(uri))) as tar:
        return {member.name.removeprefix("./"): tar.extractfile(member).read().decode() for member in tar if member.isfile()}


def until(look, is_enough, seconds=120):
    deadline = time.monotonic() + seconds
    while True:
        value = look()
        if is_enough(value):
            return value
        assert time.monotonic() < deadline, f"still {value} after {seconds} seconds"
        time.sleep(0.1)


def refused(call, code, status=400, says=None, **members):
    """The error of a call that must not be done."""
    try:
        answer = call(**members)
    except ClientError as error:
        metadata = error.response["ResponseMetadata"]
        assert (error.response["Error"]["Code"], metadata["HTTPStatusCode"]) == (code, status), error.response
        assert metadata.get("RequestId"), metadata
        assert says is None or says in error.response["Error"]["Message"], error.response["Error"]["Message"]
        return error
    raise AssertionError(f"not refused, but answered with {answer}")


def main(module):
    """Runs the functions test_… and prints what came of them, for jest: a line of JSON each, and one for all."""
    wanted = sys.argv[1:]
    for case, function in [each for each in inspect.getmembers(module, inspect.isfunction) if each[0].startswith("test_")]:
        if wanted and case not in wanted:
            continue
        conformance.problems.clear()
        started, error = time.monotonic(), None
        try:
            function()
            assert not conformance.problems, "answers are not as the service's: " + "; ".join(sorted(set(conformance.problems)))
        except BaseException as failure:  # whatever it was, the others are to be run too
            error = traceback.format_exc(limit=-6) + getattr(failure, "last_response", {}).get("FailureReason", "")
        print(json.dumps({"case": case, "error": error, "seconds": round(time.monotonic() - started, 1)}), flush=True)
    print(json.dumps({"called": sorted(conformance.called)}), flush=True)
