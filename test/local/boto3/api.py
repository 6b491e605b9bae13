"""Each operation that the local SageMaker has: lists, pages, filters, tags, and how it refuses."""
import datetime
import json
import os
import sys
import urllib.error
import urllib.request

import botocore.session
from botocore import xform_name
from botocore.exceptions import ClientError

from sagemaker_requests import SLEEPING, config, model, processing, training, transform, tuning
from world import ACCOUNT, QUICKLY, ROLE, bucket, client, main, name, put, refused, runtime, sagemaker, until

#: Kind and plural, as operations have them.
SERVED = (("Model", "Models"), ("EndpointConfig", "EndpointConfigs"), ("Endpoint", "Endpoints"))


def operations():
    """What the server says it has, which the test hands on."""
    return json.loads(os.environ["CDK_SAGEMAKER_TEST_OPERATIONS"])


def ended(kind, job):
    member = xform_name(kind)
    return until(lambda: getattr(sagemaker, f"describe_{member}")(**{f"{kind}Name": job}), lambda each: each[f"{kind}Status"] in ("Completed", "Failed", "Stopped"))


def a_job_of_each_kind(prefix):
    """Kind -> name, all of them ended."""
    model_name = model(name("model"))
    jobs = {kind: name(f"{kind[:3].lower()}-{prefix}") for kind in ("TrainingJob", "ProcessingJob", "TransformJob", "HyperParameterTuningJob")}
    tags = [{"Key": "of", "Value": prefix}]
    sagemaker.create_training_job(**training(jobs["TrainingJob"], Tags=tags))
    sagemaker.create_processing_job(**processing(jobs["ProcessingJob"]), Tags=tags)
    sagemaker.create_transform_job(**transform(jobs["TransformJob"], model_name, put("batch/in.jsonl", b"1\n")), Tags=tags)
    sagemaker.create_hyper_parameter_tuning_job(**tuning(jobs["HyperParameterTuningJob"], most=1, parallel=1), Tags=tags)
    return {kind: ended(kind, job) and job for kind, job in jobs.items()}


def listed(kind, plural=None, **filters):
    pages = sagemaker.get_paginator(f"list_{xform_name(plural or kind + 's')}").paginate(**filters)
    rows = [row for page in pages for row in page[plural or f"{kind}Summaries"]]
    return [row[f"{kind}Name"] for row in rows]


def test_jobs_are_listed_by_pages_filters_and_orders():
    """jobs of each kind are listed in pages, by name, state and time, in the order that is asked for"""
    before = datetime.datetime.now(datetime.timezone.utc)
    first, second = a_job_of_each_kind("list-a"), a_job_of_each_kind("list-b")
    after = datetime.datetime.now(datetime.timezone.utc)
    for kind in first:
        both, these = [first[kind], second[kind]], {"NameContains": f"{kind[:3]}-LIST-"}
        list_all = getattr(sagemaker, f"list_{xform_name(kind)}s")
        page = list_all(MaxResults=1, SortBy="CreationTime", SortOrder="Ascending", **these)
        assert [row[f"{kind}Name"] for row in page[f"{kind}Summaries"]] == both[:1], (kind, page)
        page = list_all(MaxResults=1, SortBy="CreationTime", SortOrder="Ascending", NextToken=page["NextToken"], **these)
        assert [row[f"{kind}Name"] for row in page[f"{kind}Summaries"]] == both[1:] and "NextToken" not in page, (kind, page)
        assert listed(kind, SortBy="CreationTime", SortOrder="Descending", PaginationConfig={"PageSize": 1}, **these) == both[::-1], kind
        assert listed(kind, SortBy="Name", SortOrder="Ascending", **these) == sorted(both), kind
        assert set(listed(kind, SortBy="Status", **these)) == set(both), kind
        assert set(listed(kind, StatusEquals="Completed", CreationTimeAfter=before, CreationTimeBefore=after, **these)) == set(both), kind
        assert set(listed(kind, LastModifiedTimeAfter=before, LastModifiedTimeBefore=after, **these)) == set(both), kind
        for nothing in ({"StatusEquals": "Failed", **these}, {"CreationTimeBefore": before, **these}, {"CreationTimeAfter": after}, {"LastModifiedTimeAfter": after}):
            assert listed(kind, **nothing) == [], (kind, nothing)
        refused(list_all, "ValidationException", NextToken="nonsense")
        refused(list_all, "ValidationException", says="1 validation error detected", MaxResults=101)


def test_models_configurations_and_endpoints_are_listed():
    """models, configurations and endpoints are listed in pages, by name, state and time"""
    before = datetime.datetime.now(datetime.timezone.utc)
    names = [name("host-a"), name("host-b")]
    for each in names:
        config(each, model(each))
        sagemaker.create_endpoint(EndpointName=each, EndpointConfigName=each)
    for each in names:
        sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=each, WaiterConfig=QUICKLY)
    after = datetime.datetime.now(datetime.timezone.utc)
    for kind, plural in SERVED:
        assert listed(kind, plural, NameContains="host-", SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 1}) == names, kind
        assert listed(kind, plural, NameContains="host-", SortBy="CreationTime", SortOrder="Descending") == names[::-1], kind
        assert set(listed(kind, plural, NameContains="host-", CreationTimeAfter=before, CreationTimeBefore=after)) == set(names), kind
        assert listed(kind, plural, CreationTimeAfter=after) == [], kind
        described = getattr(sagemaker, f"describe_{xform_name(kind)}")(**{f"{kind}Name": names[0]})
        assert described[f"{kind}Arn"].endswith(f"/{names[0]}") and described["CreationTime"] > before, described
    assert set(listed("Endpoint", "Endpoints", StatusEquals="InService", NameContains="host-")) == set(names)
    assert listed("Endpoint", "Endpoints", StatusEquals="Failed", NameContains="host-") == []
    assert listed("Endpoint", "Endpoints", NameContains="host-", LastModifiedTimeBefore=before) == []
    for each in names:
        sagemaker.delete_endpoint(EndpointName=each)
        sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=each, WaiterConfig=QUICKLY)
        sagemaker.delete_endpoint_config(EndpointConfigName=each)
        sagemaker.delete_model(ModelName=each)


def test_everything_has_tags():
    """everything has tags: those it was made with, those that are added, and none that were taken away"""
    jobs = a_job_of_each_kind("tagged")
    arns = [getattr(sagemaker, f"describe_{xform_name(kind)}")(**{f"{kind}Name": job})[f"{kind}Arn"] for kind, job in jobs.items()]
    for arn in arns:
        assert tags_of(arn) == {"of": "tagged"}, arn
    served = name("tagged")
    arns.append(sagemaker.describe_model(ModelName=model(served))["ModelArn"])
    config(served, served)
    arns.append(sagemaker.describe_endpoint_config(EndpointConfigName=served)["EndpointConfigArn"])
    arns.append(sagemaker.create_endpoint(EndpointName=served, EndpointConfigName=served)["EndpointArn"])
    for arn in arns:
        added = sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}])
        assert {"Key": "a", "Value": "1"} in added["Tags"], added
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}])
        sagemaker.delete_tags(ResourceArn=arn, TagKeys=["b", "of", "nobody"])
        assert tags_of(arn) == {"a": "2"}, arn
    refused(sagemaker.add_tags, "ResourceLimitExceeded", ResourceArn=arns[0], Tags=[{"Key": f"k{index}", "Value": ""} for index in range(50)])
    refused(sagemaker.add_tags, "ValidationException", ResourceArn=arns[0], Tags=[{"Key": "aws:a", "Value": ""}])
    for call, more in ((sagemaker.list_tags, {}), (sagemaker.add_tags, {"Tags": [{"Key": "a", "Value": ""}]}), (sagemaker.delete_tags, {"TagKeys": ["a"]})):
        refused(call, "ValidationException", ResourceArn=f"{arns[0]}-none", **more)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=served, WaiterConfig=QUICKLY)
    sagemaker.delete_endpoint(EndpointName=served)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=served, WaiterConfig=QUICKLY)
    refused(sagemaker.list_tags, "ValidationException", ResourceArn=arns[-1])


def tags_of(arn):
    return {tag["Key"]: tag["Value"] for page in sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn) for tag in page["Tags"]}


def test_names_are_given_once():
    """a name that is taken is refused in the words of its kind"""
    jobs = a_job_of_each_kind("twice")
    model_name = model(name("twice"))
    refused(sagemaker.create_training_job, "ResourceInUse", says="Training job names must be unique", **training(jobs["TrainingJob"]))
    refused(sagemaker.create_processing_job, "ResourceInUse", says="Job name must be unique", **processing(jobs["ProcessingJob"]))
    refused(sagemaker.create_transform_job, "ResourceInUse", says="Job name must be unique", **transform(jobs["TransformJob"], model_name, put("batch/in.jsonl", b"1\n")))
    refused(sagemaker.create_hyper_parameter_tuning_job, "ResourceInUse", says="already exists", **tuning(jobs["HyperParameterTuningJob"]))
    config(model_name, model_name)
    for call in (lambda: model(model_name), lambda: config(model_name, model_name)):
        refused(call, "ValidationException", says="Cannot create already existing")


def test_what_is_not_there_is_not_found():
    """what is not there is refused with the error of its operation"""
    for kind in ("TrainingJob", "ProcessingJob", "TransformJob"):
        member = xform_name(kind)
        refused(getattr(sagemaker, f"describe_{member}"), "ValidationException", **{f"{kind}Name": "none"})
        refused(getattr(sagemaker, f"stop_{member}"), "ValidationException", **{f"{kind}Name": "none"})
    for kind in ("TrainingJob", "ProcessingJob"):
        refused(getattr(sagemaker, f"delete_{xform_name(kind)}"), "ResourceNotFound", **{f"{kind}Name": "none"})
    for verb in ("describe", "stop"):
        refused(getattr(sagemaker, f"{verb}_hyper_parameter_tuning_job"), "ResourceNotFound", HyperParameterTuningJobName="none")
    refused(sagemaker.list_training_jobs_for_hyper_parameter_tuning_job, "ResourceNotFound", HyperParameterTuningJobName="none")
    for kind, noun in (("Model", "model"), ("EndpointConfig", "endpoint configuration"), ("Endpoint", "endpoint")):
        for verb in ("describe", "delete"):
            refused(getattr(sagemaker, f"{verb}_{xform_name(kind)}"), "ValidationException", says=f"Could not find {noun} ", **{f"{kind}Name": "none"})
    refused(sagemaker.update_endpoint, "ValidationException", says="Could not find endpoint ", EndpointName="none", EndpointConfigName="none")
    refused(sagemaker.update_endpoint_weights_and_capacities, "ValidationException", EndpointName="none", DesiredWeightsAndCapacities=[{"VariantName": "a", "DesiredWeight": 1}])
    refused(sagemaker.update_training_job, "ResourceNotFound", TrainingJobName="none", ResourceConfig={"KeepAlivePeriodInSeconds": 0})
    refused(sagemaker.create_endpoint, "ValidationException", says="Could not find endpoint configuration ", EndpointName=name("none"), EndpointConfigName="none")
    refused(lambda: config(name("none"), "none"), "ValidationException", says="Could not find model ")
    refused(sagemaker.create_transform_job, "ValidationException", says="Could not find model ", **transform(name("none"), "none", f"s3://{bucket()}/none"))
    refused(sagemaker.describe_algorithm, "ValidationException", says="Not supported by the local AWS", AlgorithmName="none")


def test_what_is_under_way_is_in_use():
    """a job that runs can't be deleted, one that has ended can't be stopped, and a finished one can be changed only as at AWS"""
    job = name("running")
    sagemaker.create_training_job(**training(job, "sleep"))
    refused(sagemaker.delete_training_job, "ResourceInUse", TrainingJobName=job)
    updated = sagemaker.update_training_job(TrainingJobName=job, ProfilerConfig={"DisableProfiler": True})
    assert updated["TrainingJobArn"].endswith(f"training-job/{job}")
    refused(sagemaker.update_training_job, "ValidationException", TrainingJobName=job, ResourceConfig={"KeepAlivePeriodInSeconds": 60})
    sagemaker.stop_training_job(TrainingJobName=job)
    ended("TrainingJob", job)
    work = name("running")
    sagemaker.create_processing_job(**processing(work, SLEEPING))
    refused(sagemaker.delete_processing_job, "ResourceInUse", ProcessingJobName=work)
    sagemaker.stop_processing_job(ProcessingJobName=work)
    ended("ProcessingJob", work)
    jobs = a_job_of_each_kind("over")
    for kind, each in jobs.items():
        refused(getattr(sagemaker, f"stop_{xform_name(kind)}"), "ValidationException", says="The request was rejected because", **{f"{kind}Name": each})
    tuned = name("running")
    request = tuning(tuned)
    request["TrainingJobDefinition"] = {key: value for key, value in training(tuned, "sleep").items() if key not in ("TrainingJobName", "HyperParameters")}
    request["TrainingJobDefinition"]["StaticHyperParameters"] = training(tuned, "sleep")["HyperParameters"]
    sagemaker.create_hyper_parameter_tuning_job(**request)
    refused(sagemaker.delete_hyper_parameter_tuning_job, "ResourceInUse", HyperParameterTuningJobName=tuned)
    sagemaker.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName=tuned)
    assert ended("HyperParameterTuningJob", tuned)["HyperParameterTuningJobStatus"] == "Stopped"
    model_name, batch = model(name("running")), name("running")
    sagemaker.create_transform_job(**transform(batch, model_name, put("batch/in.jsonl", b"1\n")))
    sagemaker.stop_transform_job(TransformJobName=batch)
    assert ended("TransformJob", batch)["TransformJobStatus"] == "Stopped"


def test_bad_requests_are_validated():
    """a request that breaks the service's limits is refused with all that is wrong"""
    unchecked = client("sagemaker", parameter_validation=False)
    error = refused(unchecked.create_training_job, "ValidationException", TrainingJobName="a_b", StoppingCondition={"MaxRuntimeInSeconds": 0})
    message = error.response["Error"]["Message"]
    assert "validation errors detected: " in message and "Value 'a_b' at 'trainingJobName' failed to satisfy constraint" in message, message
    assert "Value null at 'roleArn' failed to satisfy constraint: Member must not be null" in message, message
    refused(unchecked.create_model, "SerializationException", ModelName=3)
    refused(unchecked.describe_endpoint, "ValidationException", says="Member must not be null")
    refused(sagemaker.create_training_job, "ValidationException", says="must be specified", **{**training(name("spot")), "EnableManagedSpotTraining": True})


def test_every_operation_refuses_a_request_without_its_required_members():
    """every operation that requires members refuses a request without them, by name"""
    unchecked = client("sagemaker", parameter_validation=False)
    service = botocore.session.get_session().get_service_model("sagemaker")
    for operation in operations():
        shape = service.operation_model(operation).input_shape
        if shape.required_members:
            error = refused(getattr(unchecked, xform_name(operation)), "ValidationException", says="Member must not be null")
            for member in shape.required_members:
                assert f"'{member[0].lower()}{member[1:]}'" in error.response["Error"]["Message"], (operation, member, error)


def test_an_operation_that_is_not_there_is_unknown():
    """an operation that the local SageMaker does not have is unknown, and never pretended"""
    error = refused(sagemaker.list_notebook_instances, "UnknownOperationException", says="ListNotebookInstances")
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def post(body, path="/", **headers):
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL_SAGEMAKER"] + path, data=body, method="POST", headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_bad_wire_is_refused():
    """what is no JSON, no object, no operation or too large is refused as AWS does"""
    amz = {"X_Amz_Target": "SageMaker.ListModels", "Content_Type": "application/x-amz-json-1.1"}
    for body in (b"{", b"[]", b"\xff"):
        status, headers, answer = post(body, **amz)
        assert (status, json.loads(answer)["__type"]) == (400, "SerializationException"), answer
        assert headers["x-amzn-RequestId"] and headers["Content-Type"] == "application/x-amz-json-1.1", headers
    status, headers, answer = post(b"{}", X_Amz_Target="SageMaker.NoSuchThing", Content_Type="application/x-amz-json-1.1")
    assert (status, json.loads(answer)["__type"]) == (400, "UnknownOperationException"), answer
    status, _, answer = post(b" " * (32 * 1024 * 1024 + 1), **amz)  # all of it is on its way when it is refused
    assert (status, json.loads(answer)["__type"]) == (413, "RequestEntityTooLarge"), answer


def test_the_runtime_refuses():
    """the runtime API refuses endpoints, variants, models and bodies that can't be"""
    endpoint = name("refusing")
    config(endpoint, model(endpoint))
    refused(runtime.invoke_endpoint, "ValidationError", says=f"Endpoint {endpoint} of account {ACCOUNT} not found.", EndpointName=endpoint, Body=b"1")
    refused(runtime.invoke_endpoint_with_response_stream, "ValidationError", EndpointName=endpoint, Body=b"1")
    refused(runtime.invoke_endpoint_async, "ValidationError", EndpointName=endpoint, InputLocation=f"s3://{bucket()}/none")
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=endpoint)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig=QUICKLY)
    refused(runtime.invoke_endpoint, "ValidationError", says="Variant none not found", EndpointName=endpoint, Body=b"1", TargetVariant="none")
    refused(runtime.invoke_endpoint, "ValidationError", says="is not a multi-model endpoint", EndpointName=endpoint, Body=b"1", TargetModel="none.tar.gz")
    refused(runtime.invoke_endpoint, "ValidationError", says="Not supported by the local AWS", EndpointName=endpoint, Body=b"1", InferenceComponentName="none")
    refused(runtime.invoke_endpoint_async, "ValidationError", says="use InvokeEndpoint", EndpointName=endpoint, InputLocation=f"s3://{bucket()}/none")
    refused(runtime.invoke_endpoint_with_response_stream, "ModelError", 424, EndpointName=endpoint, ContentType="application/json", Body=b'{"fail": true}')
    sagemaker.delete_endpoint(EndpointName=endpoint)


if __name__ == "__main__":
    main(sys.modules[__name__])
