"""The AWS CLI: each operation that the local SageMaker has, by its command, and what people do with objects and logs."""
import collections
import contextlib
import io
import json
import os
import sys
import tempfile
import time

from awscli.clidriver import create_clidriver

from sagemaker_requests import SLEEPING, config, model, processing, training, transform, tuning
from world import QUICKLY, bucket, conformance, main, name, put, runtime, sagemaker, until
Ended = collections.namedtuple("Ended", "code out errors")


def run(*arguments):
    """A command in this process, to which it is no other: starting Python for each would take most of the time."""
    conformance.called.add(f"aws {arguments[0]} {arguments[1]}")
    out, errors = (io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            code = create_clidriver().main(list(arguments))
        except SystemExit as error:
            code = error.code
    return Ended(code, *(each.buffer.getvalue().decode() for each in (out, errors)))


def aws(*arguments):
    """What a command answers: JSON, or the text that it says."""
    done = run(*arguments)
    assert done.code == 0, (arguments, done)
    try:
        return json.loads(done.out) if done.out.strip() else {}
    except ValueError:
        return done.out


def refused(error_code, *arguments):
    done = run(*arguments)
    assert done.code == 255 and f"({error_code})" in done.errors, (arguments, done)
    return done.errors


def of(request):
    return ("--cli-input-json", json.dumps(request))


def test_training_jobs():
    """trains, waits, describes, lists, updates, stops and deletes"""
    job, slow = name("cli"), name("cli-slow")
    arn = aws("sagemaker", "create-training-job", *of(training(job)))["TrainingJobArn"]
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=job, WaiterConfig=QUICKLY)
    assert aws("sagemaker", "wait", "training-job-completed-or-stopped", "--training-job-name", job) == {}
    assert aws("sagemaker", "describe-training-job", "--training-job-name", job, "--query", "[TrainingJobStatus,TrainingJobArn]") == ["Completed", arn]
    assert aws("sagemaker", "list-training-jobs", "--name-contains", job, "--query", "TrainingJobSummaries[].TrainingJobName", "--output", "text").strip() == job
    aws("sagemaker", "create-training-job", *of(training(slow, "sleep")))
    assert aws("sagemaker", "update-training-job", "--training-job-name", slow, "--profiler-config", "DisableProfiler=true")["TrainingJobArn"].endswith(slow)
    refused("ResourceInUse", "sagemaker", "delete-training-job", "--training-job-name", slow)
    assert aws("sagemaker", "stop-training-job", "--training-job-name", slow) == {}
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=slow, WaiterConfig=QUICKLY)
    aws("sagemaker", "delete-training-job", "--training-job-name", slow)
    assert "Requested resource not found" in refused("ValidationException", "sagemaker", "describe-training-job", "--training-job-name", slow)
    refused("ValidationException", "sagemaker", "describe-algorithm", "--algorithm-name", "none")
    refused("UnknownOperationException", "sagemaker", "list-notebook-instances")


def test_processing_jobs():
    """processes, waits, describes, lists, stops and deletes"""
    job, slow = name("cli"), name("cli-slow")
    aws("sagemaker", "create-processing-job", *of(processing(job)))
    aws("sagemaker", "create-processing-job", *of(processing(slow, SLEEPING)))
    aws("sagemaker", "stop-processing-job", "--processing-job-name", slow)
    for each in (job, slow):
        sagemaker.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName=each, WaiterConfig=QUICKLY)
    aws("sagemaker", "wait", "processing-job-completed-or-stopped", "--processing-job-name", job)
    assert aws("sagemaker", "describe-processing-job", "--processing-job-name", slow)["ProcessingJobStatus"] == "Stopped"
    listed = aws("sagemaker", "list-processing-jobs", "--name-contains", "cli-", "--max-items", "1")
    assert len(listed["ProcessingJobSummaries"]) == 1 and listed["NextToken"], listed
    aws("sagemaker", "delete-processing-job", "--processing-job-name", job)
    refused("ResourceNotFound", "sagemaker", "delete-processing-job", "--processing-job-name", job)


def test_transform_jobs():
    """transforms, waits, describes, lists and stops"""
    job, stopped = name("cli"), name("cli-stopped")
    model(job)
    for each in (job, stopped):
        aws("sagemaker", "create-transform-job", *of(transform(each, job, put("cli/in.jsonl", b"1\n"))))
    run("sagemaker", "stop-transform-job", "--transform-job-name", stopped)
    for each in (job, stopped):
        sagemaker.get_waiter("transform_job_completed_or_stopped").wait(TransformJobName=each, WaiterConfig=QUICKLY)
    aws("sagemaker", "wait", "transform-job-completed-or-stopped", "--transform-job-name", job)
    refused("ValidationException", "sagemaker", "stop-transform-job", "--transform-job-name", job)
    assert aws("sagemaker", "describe-transform-job", "--transform-job-name", job)["TransformJobStatus"] == "Completed"
    assert job in aws("sagemaker", "list-transform-jobs", "--query", "TransformJobSummaries[].TransformJobName")


def test_tuning_jobs():
    """tunes, describes, lists the training jobs, stops and deletes"""
    job = name("cli")
    aws("sagemaker", "create-hyper-parameter-tuning-job", *of(tuning(job, most=2)))
    described = until(lambda: aws("sagemaker", "describe-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", job), lambda each: each["HyperParameterTuningJobStatus"] != "InProgress")
    assert described["TrainingJobStatusCounters"]["Completed"] == 2, described
    children = aws("sagemaker", "list-training-jobs-for-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", job, "--sort-by", "FinalObjectiveMetricValue")
    assert len(children["TrainingJobSummaries"]) == 2, children
    assert job in aws("sagemaker", "list-hyper-parameter-tuning-jobs", "--query", "HyperParameterTuningJobSummaries[].HyperParameterTuningJobName")
    refused("ValidationException", "sagemaker", "stop-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", job)
    aws("sagemaker", "delete-hyper-parameter-tuning-job", "--hyper-parameter-tuning-job-name", job)


def test_endpoints():
    """creates, waits, describes, lists, invokes, updates and deletes, with tags"""
    endpoint = name("cli")
    made = model(endpoint)
    described = aws("sagemaker", "describe-model", "--model-name", made)
    request = {"ModelName": f"{endpoint}-2", "ExecutionRoleArn": described["ExecutionRoleArn"], "PrimaryContainer": described["PrimaryContainer"]}
    aws("sagemaker", "create-model", *of(request))
    assert len(aws("sagemaker", "list-models", "--name-contains", endpoint)["Models"]) == 2
    aws("sagemaker", "create-endpoint-config", "--endpoint-config-name", endpoint, "--production-variants", f"VariantName=AllTraffic,ModelName={made},InstanceType=ml.m5.large,InitialInstanceCount=1")
    assert aws("sagemaker", "describe-endpoint-config", "--endpoint-config-name", endpoint)["ProductionVariants"][0]["InitialVariantWeight"] == 1
    assert aws("sagemaker", "list-endpoint-configs", "--name-contains", endpoint)["EndpointConfigs"]
    arn = aws("sagemaker", "create-endpoint", "--endpoint-name", endpoint, "--endpoint-config-name", endpoint)["EndpointArn"]
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig=QUICKLY)
    aws("sagemaker", "wait", "endpoint-in-service", "--endpoint-name", endpoint)
    assert aws("sagemaker", "list-endpoints", "--status-equals", "InService", "--name-contains", endpoint)["Endpoints"]
    aws("sagemaker", "add-tags", "--resource-arn", arn, "--tags", "Key=a,Value=1", "Key=b,Value=2")
    aws("sagemaker", "delete-tags", "--resource-arn", arn, "--tag-keys", "b")
    assert aws("sagemaker", "list-tags", "--resource-arn", arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.json")
        said = aws("sagemaker-runtime", "invoke-endpoint", "--endpoint-name", endpoint, "--content-type", "application/json", "--body", "[1]", out)
        with open(out, encoding="utf-8") as file:
            assert json.load(file) == {"model": "said", "data": [1]} and said["InvokedProductionVariant"] == "AllTraffic", said
        assert "Received server error (500)" in refused("ModelError", "sagemaker-runtime", "invoke-endpoint", "--endpoint-name", endpoint, "--content-type", "application/json", "--body", '{"fail": true}', out)
    config(f"{endpoint}-2", f"{endpoint}-2")
    aws("sagemaker", "update-endpoint", "--endpoint-name", endpoint, "--endpoint-config-name", f"{endpoint}-2")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig=QUICKLY)
    aws("sagemaker", "update-endpoint-weights-and-capacities", "--endpoint-name", endpoint, "--desired-weights-and-capacities", "VariantName=AllTraffic,DesiredWeight=3")
    assert aws("sagemaker", "describe-endpoint", "--endpoint-name", endpoint)["ProductionVariants"][0]["CurrentWeight"] == 3
    aws("sagemaker", "delete-endpoint", "--endpoint-name", endpoint)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=endpoint, WaiterConfig=QUICKLY)
    aws("sagemaker", "wait", "endpoint-deleted", "--endpoint-name", endpoint)
    aws("sagemaker", "delete-endpoint-config", "--endpoint-config-name", endpoint)
    aws("sagemaker", "delete-model", "--model-name", made)
    assert "Could not find model" in refused("ValidationException", "sagemaker", "delete-model", "--model-name", made)


def test_asynchronous_invocations():
    """invokes asynchronously"""
    endpoint = name("cli-async")
    config(endpoint, model(endpoint), AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": f"s3://{bucket()}/cli-async"}})
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=endpoint)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig=QUICKLY)
    said = aws("sagemaker-runtime", "invoke-endpoint-async", "--endpoint-name", endpoint, "--content-type", "application/json", "--input-location", put("cli/in.json", b"[2]"))
    out = until(lambda: run("s3", "cp", said["OutputLocation"], "-"), lambda done: done.code == 0)
    assert json.loads(out.out)["data"] == [2], out
    sagemaker.delete_endpoint(EndpointName=endpoint)
    assert runtime.meta.region_name == "us-east-1"


def test_objects():
    """copies, syncs, lists, moves and removes objects, large ones too"""
    prefix = f"s3://{bucket()}/{name('cli')}"
    with tempfile.TemporaryDirectory() as folder:
        here = os.path.join(folder, "here")
        os.makedirs(os.path.join(here, "deep er"))
        content = {"a.txt": b"a", os.path.join("deep er", "b+é.txt"): b"b", "large.bin": os.urandom(20 * 1024 * 1024)}
        for path, body in content.items():
            with open(os.path.join(here, path), "wb") as file:
                file.write(body)
            os.utime(os.path.join(here, path), (time.time() - 60,) * 2)  # S3 counts in seconds
        aws("s3", "sync", here, f"{prefix}/in", "--only-show-errors")
        listed = aws("s3", "ls", f"{prefix}/in/", "--recursive")
        assert "deep er/b+é.txt" in listed and str(20 * 1024 * 1024) in listed, listed
        assert aws("s3", "sync", here, f"{prefix}/in") == {}, "what is there already is not sent again"
        aws("s3", "cp", f"{prefix}/in/", f"{prefix}/copy/", "--recursive", "--only-show-errors")
        aws("s3", "sync", f"{prefix}/copy", os.path.join(folder, "there"), "--only-show-errors")
        for path, body in content.items():
            with open(os.path.join(folder, "there", path), "rb") as file:
                assert file.read() == body, path
        aws("s3", "mv", f"{prefix}/copy/a.txt", f"{prefix}/moved.txt")
        assert aws("s3", "cp", f"{prefix}/moved.txt", "-") == "a"
        aws("s3", "rm", f"{prefix}/", "--recursive", "--only-show-errors")
        assert run("s3", "ls", f"{prefix}/").code == 1
    own = name("cli-bucket")
    aws("s3", "mb", f"s3://{own}")
    assert own in aws("s3", "ls", "--output", "text")
    aws("s3", "rb", f"s3://{own}")
    assert aws("s3api", "head-bucket", "--bucket", bucket()) is not None


def test_logs_and_alarms():
    """filters and reads logs, and describes alarms"""
    job = name("cli-logged")
    sagemaker.create_training_job(**training(job))
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=job, WaiterConfig=QUICKLY)
    group = ("--log-group-name", "/aws/sagemaker/TrainingJobs")
    assert aws("logs", "describe-log-groups", "--log-group-name-prefix", "/aws/sagemaker/Tr")["logGroups"]
    stream = aws("logs", "describe-log-streams", *group, "--log-stream-name-prefix", f"{job}/")["logStreams"][0]["logStreamName"]
    found = aws("logs", "filter-log-events", *group, "--log-stream-names", stream, "--filter-pattern", "words", "--query", "events[].message")
    assert found == ["words=3"], found
    read = aws("logs", "get-log-events", *group, "--log-stream-name", stream, "--start-from-head", "--limit", "1")
    assert len(read["events"]) == 1 and read["nextForwardToken"].startswith("f/"), read
    alarm = name("cli-alarm")
    aws("cloudwatch", "put-metric-alarm", "--alarm-name", alarm, "--namespace", "N", "--metric-name", "M", "--statistic", "Sum", "--period", "60",
        "--evaluation-periods", "1", "--threshold", "1", "--comparison-operator", "GreaterThanThreshold")
    aws("cloudwatch", "put-metric-data", "--namespace", "N", "--metric-name", "M", "--value", "3")
    described = aws("cloudwatch", "describe-alarms", "--alarm-names", alarm, "--query", "MetricAlarms[].[AlarmName,Threshold]")
    assert described == [[alarm, 1.0]], described
    aws("cloudwatch", "delete-alarms", "--alarm-names", alarm)


if __name__ == "__main__":
    main(sys.modules[__name__])
