"""ministack, in front of the local SageMaker: what it lacks for the examples, and nothing else.

1. It has no SageMaker: models, endpoint configurations and endpoints are made by calling the local SageMaker.
2. S3 is the local S3 server, which the local SageMaker reads: buckets are made there, templates and code are read there.
3. The CDK's bucket deployment runs the AWS CLI out of a Lambda layer: its work is done here.
4. A custom resource that answers FAILED is forgotten: a create that failed is deleted again, as CloudFormation does.

Usage: python ministack_launcher.py, with GATEWAY_PORT, BIND_HOST, AWS_ENDPOINT_URL_SAGEMAKER and AWS_ENDPOINT_URL_S3.
"""

import hashlib
import io
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

import ministack.services.cloudformation.custom_resource as custom_resource
import ministack.services.cloudformation.handlers as cfn_handlers
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudformation.stacks as stacks
import ministack.services.s3 as s3

SAGEMAKER = os.environ["AWS_ENDPOINT_URL_SAGEMAKER"]
S3 = os.environ["AWS_ENDPOINT_URL_S3"]
ENDPOINT_TIMEOUT_SECONDS = 300


# ---------------------------------------------------------------- SageMaker


class ServiceError(Exception):
    """An error of the local SageMaker, in its own words."""


def sagemaker(operation, request):
    call = urllib.request.Request(
        SAGEMAKER,
        data=json.dumps(request).encode(),
        headers={"content-type": "application/x-amz-json-1.1", "x-amz-target": f"SageMaker.{operation}"},
    )
    try:
        with urllib.request.urlopen(call) as response:
            return json.loads(response.read() or b"{}")
    except urllib.error.HTTPError as error:
        body = json.loads(error.read() or b"{}")
        raise ServiceError(f"{body.get('__type', error.code)}: {body.get('message') or body.get('Message', '')}") from None


def with_numbers(value):
    """CloudFormation hands numbers over as they are or as text; the API wants numbers."""
    if isinstance(value, dict):
        return {key: (entry if key == "Environment" else with_numbers(entry)) for key, entry in value.items()}
    if isinstance(value, list):
        return [with_numbers(entry) for entry in value]
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value) if "." in value else int(value)
    return value


def generated_name(stack_name, logical_id, properties):
    """Another one whenever the properties change: the old resource is there until the clean-up."""
    digest = hashlib.sha256(json.dumps([properties, time.time_ns()], sort_keys=True, default=str).encode()).hexdigest()[:12]
    return f"{stack_name[:20]}-{logical_id[:20]}-{digest}"


# ARNs have names in lower case; the API wants them as they were given.
names = {}


def named(arn, name):
    names[arn] = name
    return arn


def immutable(kind):
    """Whatever changes, a new one is made under a new name."""

    def create(logical_id, properties, stack_name):
        name = properties.get(f"{kind}Name") or generated_name(stack_name, logical_id, properties)
        answer = sagemaker(f"Create{kind}", {**with_numbers(properties), f"{kind}Name": name})
        return named(answer[f"{kind}Arn"], name), {f"{kind}Name": name}

    def update(_physical_id, _old, properties, stack_name, logical_id):
        return create(logical_id, properties, stack_name)

    def delete(physical_id, _properties):
        unless_gone(f"Delete{kind}", {f"{kind}Name": names[physical_id]})

    return {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}


def create_endpoint(logical_id, properties, stack_name):
    name = properties.get("EndpointName") or generated_name(stack_name, logical_id, properties)
    answer = sagemaker("CreateEndpoint", {"EndpointName": name, "EndpointConfigName": properties["EndpointConfigName"], "Tags": properties.get("Tags", [])})
    wait_in_service(name)
    return named(answer["EndpointArn"], name), {"EndpointName": name}


def update_endpoint(physical_id, old, properties, _stack_name):
    name = names[physical_id]
    if old["EndpointConfigName"] != properties["EndpointConfigName"]:
        sagemaker("UpdateEndpoint", {"EndpointName": name, "EndpointConfigName": properties["EndpointConfigName"]})
        wait_in_service(name)
        served = sagemaker("DescribeEndpoint", {"EndpointName": name})["EndpointConfigName"]
        if served != properties["EndpointConfigName"]:
            raise ServiceError(f"endpoint {name} went back to {served}")
    return physical_id, {"EndpointName": name}


def delete_endpoint(physical_id, _properties):
    name = names[physical_id]
    unless_gone("DeleteEndpoint", {"EndpointName": name})
    until(lambda: status_of(name) is None, f"endpoint {name} to be gone")


def wait_in_service(name):
    until(lambda: status_of(name) not in ("Creating", "Updating", "RollingBack"), f"endpoint {name}")
    status = status_of(name)
    if status != "InService":
        reason = sagemaker("DescribeEndpoint", {"EndpointName": name}).get("FailureReason", "")
        raise ServiceError(f"endpoint {name} is {status}: {reason}")


def status_of(name):
    try:
        return sagemaker("DescribeEndpoint", {"EndpointName": name})["EndpointStatus"]
    except ServiceError:
        return None


def until(holds, what):
    deadline = time.monotonic() + ENDPOINT_TIMEOUT_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {ENDPOINT_TIMEOUT_SECONDS} seconds for {what}")
        time.sleep(0.2)


def unless_gone(operation, request):
    try:
        sagemaker(operation, request)
    except ServiceError as error:
        if "Could not find" not in str(error):
            raise


# ---------------------------------------------------------------- S3


def s3_call(method, path, data=None):
    call = urllib.request.Request(S3 + urllib.parse.quote(path), data=data, method=method)
    with urllib.request.urlopen(call) as response:
        return response.read()


def object_data(bucket, key, *_args, **_kwargs):
    try:
        return s3_call("GET", f"/{bucket}/{key}")
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def keys_below(bucket, prefix):
    listing = s3_call_query("GET", f"/{bucket}", {"list-type": "2", "prefix": prefix})
    return [key for key in re.findall(r"<Key>(.*?)</Key>", listing.decode())]


def s3_call_query(method, path, query):
    call = urllib.request.Request(f"{S3}{urllib.parse.quote(path)}?{urllib.parse.urlencode(query)}", method=method)
    with urllib.request.urlopen(call) as response:
        return response.read()


def with_local_bucket(handlers):
    create, delete = handlers["create"], handlers["delete"]

    def create_both(logical_id, properties, stack_name):
        name, attributes = create(logical_id, properties, stack_name)
        s3_call("PUT", f"/{name}")
        return name, attributes

    def delete_both(physical_id, properties):
        try:
            s3_call("DELETE", f"/{physical_id}")
        except urllib.error.HTTPError as error:
            if error.code == 409:
                raise ValueError("The bucket you tried to delete is not empty") from None
            if error.code != 404:
                raise
        delete(physical_id, properties)

    return {**handlers, "create": create_both, "delete": delete_both}


# ---------------------------------------------------------------- the CDK's bucket deployment


def deploy_files(properties):
    prefix = str(properties.get("DestinationBucketKeyPrefix", "")).strip("/")
    bucket = properties["DestinationBucketName"]
    for source, key in zip(properties["SourceBucketNames"], properties["SourceObjectKeys"]):
        archive = zipfile.ZipFile(io.BytesIO(object_data(source, key)))
        for path in archive.namelist():
            if not path.endswith("/"):
                s3_call("PUT", f"/{bucket}/{prefix + '/' if prefix else ''}{path}", archive.read(path))
    return {"DestinationBucketArn": f"arn:aws:s3:::{bucket}"}


def create_deployment(logical_id, properties, stack_name):
    return generated_name(stack_name, logical_id, properties), deploy_files(properties)


def update_deployment(physical_id, _old, properties, _stack_name):
    return physical_id, deploy_files(properties)


def delete_deployment(_physical_id, properties):
    if str(properties.get("RetainOnDelete", "true")).lower() != "false":
        return
    prefix = str(properties.get("DestinationBucketKeyPrefix", "")).strip("/")
    for key in keys_below(properties["DestinationBucketName"], f"{prefix}/" if prefix else ""):
        s3_call("DELETE", f"/{properties['DestinationBucketName']}/{key}")


# ---------------------------------------------------------------- custom resources that fail

invoke = custom_resource.invoke_custom_resource
answers = {}
deliver = custom_resource.deliver_response


def remember_answer(token, response):
    answers[response.get("RequestId")] = response
    return deliver(token, response)


def invoke_and_delete_failed(request_type, logical_id, props, stack_name, stack_id, resource_type, physical_id=None, old_props=None):
    before = set(answers)
    try:
        return invoke(request_type, logical_id, props, stack_name, stack_id, resource_type, physical_id, old_props)
    except RuntimeError:
        failed = [answer for request, answer in answers.items() if request not in before and answer.get("LogicalResourceId") == logical_id]
        if request_type == "Create" and failed and failed[-1].get("PhysicalResourceId"):
            left_over.setdefault(stack_name, []).append((logical_id, props, stack_id, resource_type, failed[-1]["PhysicalResourceId"]))
        raise


left_over = {}
roll_back = stacks._roll_back_operation
delete_stack = stacks._delete_stack_async


def delete_left_over(stack_name):
    for logical_id, props, stack_id, resource_type, physical_id in left_over.pop(stack_name, []):
        invoke("Delete", logical_id, props, stack_name, stack_id, resource_type, physical_id)


async def roll_back_with_failed(stack_name, *args, **kwargs):
    result = await roll_back(stack_name, *args, **kwargs)
    await stacks.run_reentrant(delete_left_over, stack_name)
    return result


async def delete_stack_with_failed(stack_name, *args, **kwargs):
    await stacks.run_reentrant(delete_left_over, stack_name)
    return await delete_stack(stack_name, *args, **kwargs)


# ---------------------------------------------------------------- put in place

blocks = stacks._runs_on_worker_thread


def install():
    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::SageMaker::Model"] = immutable("Model")
    handlers["AWS::SageMaker::EndpointConfig"] = immutable("EndpointConfig")
    handlers["AWS::SageMaker::Endpoint"] = {"create": create_endpoint, "update": update_endpoint, "delete": delete_endpoint}
    handlers["AWS::S3::Bucket"] = with_local_bucket(handlers["AWS::S3::Bucket"])
    handlers["Custom::CDKBucketDeployment"] = {"create": create_deployment, "update": update_deployment, "delete": delete_deployment}
    s3._get_object_data = object_data
    stacks._runs_on_worker_thread = lambda resource_type: blocks(resource_type) or resource_type.startswith("AWS::SageMaker::")
    for module in (stacks, cfn_handlers):
        module._roll_back_operation = roll_back_with_failed
        module._delete_stack_async = delete_stack_with_failed
    custom_resource.deliver_response = remember_answer
    custom_resource.invoke_custom_resource = invoke_and_delete_failed


if __name__ == "__main__":
    install()
    from ministack.app import main

    main()
