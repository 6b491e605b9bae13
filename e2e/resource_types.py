"""Resource types that ministack lacks, and those whose work is the local S3 server's."""

import hashlib
import io
import json
import re
import time
import urllib.error
import zipfile

from local_services import ServiceError, cloudwatch, keys_below, object_data, s3, sagemaker, until


def resource_types(handlers):
    """By type, in the shape of ministack's own handlers."""
    return {
        "AWS::SageMaker::Model": immutable("Model"),
        "AWS::SageMaker::EndpointConfig": immutable("EndpointConfig"),
        "AWS::SageMaker::Endpoint": {"create": create_endpoint, "update": update_endpoint, "delete": delete_endpoint},
        "AWS::CloudWatch::Alarm": with_local_alarm(handlers["AWS::CloudWatch::Alarm"]),
        # written down, and nothing is scaled
        "AWS::ApplicationAutoScaling::ScalableTarget": recorded(),
        "AWS::ApplicationAutoScaling::ScalingPolicy": recorded(),
        "AWS::S3::Bucket": with_local_bucket(handlers["AWS::S3::Bucket"]),
        # it runs the AWS CLI out of a Lambda layer
        "Custom::CDKBucketDeployment": {"create": create_deployment, "update": update_deployment, "delete": lambda *_: None},
    }


def generated_name(stack_name, logical_id, properties):
    """Another one whenever the properties change: the old resource is there until the clean-up."""
    digest = hashlib.sha256(json.dumps([properties, time.time_ns()], sort_keys=True, default=str).encode()).hexdigest()[:12]
    return f"{stack_name[:20]}-{logical_id[:20]}-{digest}"


# ---------------------------------------------------------------- SageMaker

# ARNs have names in lower case; the API wants them as they were given.
names = {}


def named(arn, name):
    names[arn] = name
    return arn


def with_numbers(value):
    """CloudFormation hands numbers over as they are or as text; the API wants numbers."""
    if isinstance(value, dict):
        return {key: (entry if key == "Environment" else with_numbers(entry)) for key, entry in value.items()}
    if isinstance(value, list):
        return [with_numbers(entry) for entry in value]
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value) if "." in value else int(value)
    return value


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


def recorded():
    return {
        "create": lambda logical_id, properties, stack_name: (generated_name(stack_name, logical_id, properties), {}),
        "update": lambda physical_id, *_: (physical_id, {}),
        "delete": lambda *_: None,
    }


def create_endpoint(logical_id, properties, stack_name):
    name = properties.get("EndpointName") or generated_name(stack_name, logical_id, properties)
    answer = sagemaker("CreateEndpoint", {**endpoint_request(name, properties, "DeploymentConfig"), "Tags": properties.get("Tags", [])})
    wait_in_service(name)
    return named(answer["EndpointArn"], name), {"EndpointName": name}


def update_endpoint(physical_id, old, properties, _stack_name):
    name = names[physical_id]
    if old["EndpointConfigName"] != properties["EndpointConfigName"]:
        how = ("DeploymentConfig", "RetainAllVariantProperties", "ExcludeRetainedVariantProperties", "RetainDeploymentConfig")
        sagemaker("UpdateEndpoint", endpoint_request(name, properties, *how))
        wait_in_service(name)
        endpoint = sagemaker("DescribeEndpoint", {"EndpointName": name})
        if endpoint["EndpointConfigName"] != properties["EndpointConfigName"]:
            raise ServiceError(f"endpoint {name} went back to {endpoint['EndpointConfigName']}: {endpoint.get('FailureReason', '')}")
    return physical_id, {"EndpointName": name}


def endpoint_request(name, properties, *members):
    given = {member: with_numbers(properties[member]) for member in members if member in properties}
    flags = {member: value == "true" for member, value in given.items() if value in ("true", "false")}
    return {"EndpointName": name, "EndpointConfigName": properties["EndpointConfigName"], **given, **flags}


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
    except ServiceError as error:
        if "Could not find" in str(error):
            return None
        raise


def unless_gone(operation, request):
    try:
        sagemaker(operation, request)
    except ServiceError as error:
        if "Could not find" not in str(error):
            raise


# ---------------------------------------------------------------- CloudWatch


def with_local_alarm(handlers):
    """The alarm in the local CloudWatch as well: the endpoints that it watches are counted there."""

    def put(name, properties):
        cloudwatch("PutMetricAlarm", {**with_numbers(properties), "AlarmName": name})

    def create(logical_id, properties, stack_name):
        name, attributes = handlers["create"](logical_id, properties, stack_name)
        put(name, properties)
        return name, attributes

    def delete(physical_id, properties):
        cloudwatch("DeleteAlarms", {"AlarmNames": [physical_id]})
        handlers["delete"](physical_id, properties)

    def update(physical_id, old, properties, *more, **named_more):
        answer = handlers["update"](physical_id, old, properties, *more, **named_more)
        put(answer[0], properties)
        return answer

    return {**handlers, "create": create, "update": update, "delete": delete}


# ---------------------------------------------------------------- S3


def with_local_bucket(handlers):
    """The bucket in the local S3 server as well, where all objects are."""
    create, delete = handlers["create"], handlers["delete"]

    def create_both(logical_id, properties, stack_name):
        name, attributes = create(logical_id, properties, stack_name)
        s3("PUT", f"/{name}")
        return name, attributes

    def delete_both(physical_id, properties):
        try:
            s3("DELETE", f"/{physical_id}")
        except urllib.error.HTTPError as error:
            if error.code == 409:
                raise ValueError("The bucket you tried to delete is not empty") from None
            if error.code != 404:
                raise
        delete(physical_id, properties)

    return {**handlers, "create": create_both, "delete": delete_both}


def create_deployment(logical_id, properties, stack_name):
    return generated_name(stack_name, logical_id, properties), deploy_files(properties)


def update_deployment(physical_id, _old, properties, _stack_name):
    return physical_id, deploy_files(properties)


def deploy_files(properties):
    """Unpacks the sources below the prefix. What else a deployment can do is refused."""
    for name, needed in (("Prune", "false"), ("RetainOnDelete", "true"), ("Extract", "true")):
        if str(properties.get(name, "true")).lower() != needed:
            raise ValueError(f"the bucket deployments of these tests have {name} {needed}, got {properties.get(name)}")
    prefix = str(properties.get("DestinationBucketKeyPrefix", "")).strip("/")
    bucket = properties["DestinationBucketName"]
    for source, key in zip(properties["SourceBucketNames"], properties["SourceObjectKeys"]):
        archive = zipfile.ZipFile(io.BytesIO(object_data(source, key)))
        for path in archive.namelist():
            if not path.endswith("/"):
                s3("PUT", f"/{bucket}/{prefix + '/' if prefix else ''}{path}", archive.read(path))
    return {"DestinationBucketArn": f"arn:aws:s3:::{bucket}"}
