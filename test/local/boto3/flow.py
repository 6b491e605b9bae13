"""What people do with SageMaker, through boto3: as processes, and in containers with CDK_SAGEMAKER_TEST_MODE=container."""
import json
import sys

from botocore.exceptions import ClientError, WaiterError

from sagemaker_requests import SLEEPING, channel, config, model, processing, training, transform, tuning
from world import IS_CONTAINER, QUICKLY, bucket, get, logs, main, name, put, refused, runtime, sagemaker, unpacked, until


def trained(job):
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=job, WaiterConfig=QUICKLY)
    return sagemaker.describe_training_job(TrainingJobName=job)


def failed(waiter, **wanted):
    """The waiter of a job that fails says so."""
    try:
        sagemaker.get_waiter(waiter).wait(**wanted, WaiterConfig=QUICKLY)
    except WaiterError as error:
        assert "terminal failure state" in str(error), error
        return error.last_response
    raise AssertionError("it should have failed")


def served(endpoint):
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig=QUICKLY)
    return sagemaker.describe_endpoint(EndpointName=endpoint)


def deployed(endpoint, text="said", data=None, **others):
    config(endpoint, model(endpoint, text, data), **others)
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=endpoint)
    return served(endpoint)


def removed(endpoint):
    sagemaker.delete_endpoint(EndpointName=endpoint)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=endpoint, WaiterConfig=QUICKLY)
    sagemaker.delete_endpoint_config(EndpointConfigName=endpoint)
    sagemaker.delete_model(ModelName=endpoint)


def ask(endpoint, data):
    return runtime.invoke_endpoint(EndpointName=endpoint, ContentType="application/json", Accept="application/json", Body=json.dumps(data))


def log_of(group, prefix):
    try:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/sagemaker/{group}", logStreamNamePrefix=prefix)
        return "\n".join(event["message"] for page in pages for event in page["events"])
    except logs.exceptions.ResourceNotFoundException:
        return ""  # nothing has been written yet


def sleeping(group, job):
    """Waits for a program that can be told to stop: the first process of a container, as at AWS, has to say first what it does then."""
    until(lambda: log_of(group, f"{job}/"), lambda text: "sleeping" in text)


def test_training_makes_a_model_with_logs_and_metrics():
    """a training job makes a model, with its log, its metrics and the states it went through"""
    job = name("trained")
    arn = sagemaker.create_training_job(**training(job))["TrainingJobArn"]
    assert sagemaker.describe_training_job(TrainingJobName=job)["TrainingJobStatus"] == "InProgress"
    done = trained(job)
    assert (done["TrainingJobStatus"], done["SecondaryStatus"], done["TrainingJobArn"]) == ("Completed", "Completed", arn), done
    assert unpacked(done["ModelArtifacts"]["S3ModelArtifacts"])["text.txt"] == "alpha beta gamma"
    assert done["FinalMetricDataList"][0]["MetricName"] == "score" and done["FinalMetricDataList"][0]["Value"] == 1
    assert [each["Status"] for each in done["SecondaryStatusTransitions"]] == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert done["TrainingStartTime"] <= done["TrainingEndTime"] and done["CreationTime"].tzinfo is not None
    assert "words=3" in log_of("TrainingJobs", f"{job}/")


def test_training_fails_with_the_reason_of_its_program():
    """a training job whose program fails says why, and its waiter fails"""
    job = name("failing")
    sagemaker.create_training_job(**training(job, "fail"))
    last = failed("training_job_completed_or_stopped", TrainingJobName=job)
    assert last["TrainingJobStatus"] == "Failed" and last["SecondaryStatus"] == "Failed"
    assert last["FailureReason"].startswith("AlgorithmError: ") and "the data are of no use" in last["FailureReason"], last["FailureReason"]
    assert last["ModelArtifacts"] == {"S3ModelArtifacts": ""}, last


def test_training_without_data_fails():
    """a training job whose channel has no data fails with a ClientError"""
    job = name("nothing")
    sagemaker.create_training_job(**training(job, InputDataConfig=[channel("no-such-prefix")]))
    reason = failed("training_job_completed_or_stopped", TrainingJobName=job)["FailureReason"]
    assert reason.startswith("ClientError: Data download failed") and "no-such-prefix" in reason, reason


def test_training_ends_when_its_time_is_over():
    """a training job ends when its time is over, which its waiter takes for an end as any"""
    job = name("slow")
    sagemaker.create_training_job(**training(job, "sleep", seconds=2))
    done = trained(job)
    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded"), done


def test_training_can_be_stopped():
    """a training job can be stopped, once"""
    job = name("stopped")
    sagemaker.create_training_job(**training(job, "sleep"))
    sleeping("TrainingJobs", job)
    assert sagemaker.describe_training_job(TrainingJobName=job)["SecondaryStatus"] == "Training"
    sagemaker.stop_training_job(TrainingJobName=job)
    assert sagemaker.describe_training_job(TrainingJobName=job)["TrainingJobStatus"] in ("Stopping", "Stopped")
    assert trained(job)["TrainingJobStatus"] == "Stopped"
    refused(sagemaker.stop_training_job, "ValidationException", says="The request was rejected because the training job is in status Stopped", TrainingJobName=job)
    sagemaker.delete_training_job(TrainingJobName=job)
    refused(sagemaker.describe_training_job, "ValidationException", says="Requested resource not found", TrainingJobName=job)


def test_an_endpoint_serves_what_was_trained():
    """an endpoint serves what was trained, is updated, and is gone when it is deleted"""
    job, endpoint = name("model"), name("endpoint")
    sagemaker.create_training_job(**training(job))
    description = deployed(endpoint, data=served_data(trained(job)))
    assert description["EndpointStatus"] == "InService" and description["ProductionVariants"][0]["CurrentInstanceCount"] == 1
    answer = ask(endpoint, {"a": 1})
    assert (answer["ContentType"], answer["InvokedProductionVariant"]) == ("application/json", "AllTraffic"), answer
    assert json.loads(answer["Body"].read()) == {"model": "alpha beta gamma", "data": {"a": 1}}
    other = name("other")
    config(other, model(other, "new"))
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=other)
    assert sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointStatus"] == "Updating"
    refused(sagemaker.update_endpoint, "ValidationException", says="Cannot update in-progress endpoint", EndpointName=endpoint, EndpointConfigName=other)
    assert served(endpoint)["EndpointConfigName"] == other
    assert json.loads(ask(endpoint, 1)["Body"].read())["model"] == "new"
    weights = [{"VariantName": "AllTraffic", "DesiredWeight": 2}]
    sagemaker.update_endpoint_weights_and_capacities(EndpointName=endpoint, DesiredWeightsAndCapacities=weights)
    assert served(endpoint)["ProductionVariants"][0]["CurrentWeight"] == 2
    removed(endpoint)
    refused(sagemaker.describe_endpoint, "ValidationException", says="Could not find endpoint", EndpointName=endpoint)
    refused(runtime.invoke_endpoint, "ValidationError", says=f"Endpoint {endpoint} of account 123456789012 not found.", EndpointName=endpoint, Body=b"{}")


def served_data(job):
    """The artifact of a job; as a process it is served with a script, which has to be put to it."""
    uri = job["ModelArtifacts"]["S3ModelArtifacts"]
    if IS_CONTAINER:
        return uri
    from sagemaker_requests import SLEEPING, INFERENCE
    from world import archive
    return archive("models/trained/model.tar.gz", {**unpacked(uri), "code/inference.py": INFERENCE})


def test_a_model_that_fails_is_a_model_error():
    """an error of the model is a ModelError with its status, its message and where its log is"""
    endpoint = name("moody")
    deployed(endpoint)
    try:
        ask(endpoint, {"fail": True})
        raise AssertionError("it should have failed")
    except runtime.exceptions.ModelError as error:
        answer = error.response
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424 and answer["OriginalStatusCode"] == 500, answer
        assert "asked to fail" in answer["OriginalMessage"], answer
        assert f"/aws/sagemaker/Endpoints/{endpoint}" in answer["LogStreamArn"], answer
        assert "Received server error (500)" in answer["Error"]["Message"], answer
    assert json.loads(ask(endpoint, 1)["Body"].read()) == {"model": "said", "data": 1}
    until(lambda: log_of(f"Endpoints/{endpoint}", "AllTraffic/"), lambda text: "asked to fail" in text, 20)
    removed(endpoint)


def test_an_endpoint_that_does_not_come_up_has_failed():
    """an endpoint whose model can't be loaded has failed with a reason, and can be deleted"""
    endpoint = name("broken")
    config(endpoint, model(endpoint, data=put("models/broken/model.tar.gz", b"no archive")))
    sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=endpoint)
    assert failed("endpoint_in_service", EndpointName=endpoint)["FailureReason"]
    removed(endpoint)


def test_an_answer_is_streamed():
    """an answer is streamed in parts"""
    endpoint = name("streamed")
    deployed(endpoint)
    answer = runtime.invoke_endpoint_with_response_stream(EndpointName=endpoint, ContentType="application/json", Body=b"[1, 2]")
    body = b"".join(event["PayloadPart"]["Bytes"] for event in answer["Body"])
    assert json.loads(body) == {"model": "said", "data": [1, 2]} and answer["ContentType"] == "application/json", answer
    assert answer["InvokedProductionVariant"] == "AllTraffic" and answer["ResponseMetadata"]["RequestId"], answer
    removed(endpoint)


def test_an_asynchronous_invocation_is_answered_in_s3():
    """an asynchronous invocation is answered by an object, and by another one when it fails"""
    endpoint = name("later")
    out = f"s3://{bucket()}/async"
    deployed(endpoint, AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": f"{out}/ok", "S3FailurePath": f"{out}/failed"}})
    answer = runtime.invoke_endpoint_async(EndpointName=endpoint, InputLocation=put("async/in.json", b"[3]"), ContentType="application/json", InferenceId="some-id")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202 and answer["InferenceId"] == "some-id" and answer["OutputLocation"].startswith(f"{out}/ok/"), answer
    assert json.loads(until(lambda: stored(answer["OutputLocation"]), bool)) == {"model": "said", "data": [3]}
    bad = runtime.invoke_endpoint_async(EndpointName=endpoint, InputLocation=put("async/bad.json", b'{"fail": true}'), ContentType="application/json")
    assert b"asked to fail" in until(lambda: stored(bad["FailureLocation"]), bool)
    refused(runtime.invoke_endpoint, "ValidationError", EndpointName=endpoint, Body=b"1")
    removed(endpoint)


def stored(uri):
    try:
        return get(uri)
    except ClientError as error:
        assert error.response["Error"]["Code"] == "NoSuchKey", error.response
        return None


def test_a_transform_job_answers_each_record():
    """a transform job answers each record; one whose model fails has failed"""
    model_name, job, bad = name("batch"), name("transform"), name("transform-bad")
    model(model_name)
    sagemaker.create_transform_job(**transform(job, model_name, put("batch/in.jsonl", b"1\n2\n")))
    sagemaker.get_waiter("transform_job_completed_or_stopped").wait(TransformJobName=job, WaiterConfig=QUICKLY)
    lines = get(f"s3://{bucket()}/transformed/{job}/in.jsonl.out").decode().splitlines()
    assert [json.loads(line)["data"] for line in lines] == [1, 2], lines
    assert sagemaker.describe_transform_job(TransformJobName=job)["TransformJobStatus"] == "Completed"
    sagemaker.create_transform_job(**transform(bad, model_name, put("batch/bad.jsonl", b'{"fail": true}\n')))
    assert "FailureReason" in failed("transform_job_completed_or_stopped", TransformJobName=bad)
    sagemaker.delete_model(ModelName=model_name)


def test_a_processing_job_reads_and_writes():
    """a processing job reads and writes objects; one that exits with a code has failed with its message"""
    job, bad = name("processed"), name("processed-bad")
    put("processing/in/a.txt", "alpha")
    code = "import shutil; shutil.copy('/opt/ml/processing/in/a.txt', '/opt/ml/processing/out/b.txt')"
    local = {"S3InputMode": "File", "S3DataType": "S3Prefix"}
    sagemaker.create_processing_job(**processing(
        job, code,
        ProcessingInputs=[{"InputName": "in", "S3Input": {"S3Uri": f"s3://{bucket()}/processing/in", "LocalPath": "/opt/ml/processing/in", **local}}],
        ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": {"S3Uri": f"s3://{bucket()}/processing/out", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}}]},
    ))
    sagemaker.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName=job, WaiterConfig=QUICKLY)
    assert sagemaker.describe_processing_job(ProcessingJobName=job)["ProcessingJobStatus"] == "Completed"
    assert get(f"s3://{bucket()}/processing/out/b.txt") == b"alpha"
    sagemaker.create_processing_job(**processing(bad, "import sys; sys.exit(3)"))
    last = failed("processing_job_completed_or_stopped", ProcessingJobName=bad)
    assert last["FailureReason"].startswith("AlgorithmError: ") and "3" in last["FailureReason"], last
    for each in (job, bad):
        sagemaker.delete_processing_job(ProcessingJobName=each)


def test_processing_and_transform_jobs_can_be_stopped():
    """processing and transform jobs can be stopped, which their waiters take for an end"""
    job = name("processing")
    sagemaker.create_processing_job(**processing(job, SLEEPING))
    sleeping("ProcessingJobs", job)
    sagemaker.stop_processing_job(ProcessingJobName=job)
    sagemaker.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName=job, WaiterConfig=QUICKLY)
    assert sagemaker.describe_processing_job(ProcessingJobName=job)["ProcessingJobStatus"] == "Stopped"
    model_name, batch = name("batch"), name("transform")
    model(model_name)
    sagemaker.create_transform_job(**transform(batch, model_name, put("batch/in.jsonl", b"1\n")))
    try:
        sagemaker.stop_transform_job(TransformJobName=batch)
    except ClientError as error:  # it may have ended by now
        assert "is in status Completed" in str(error), error
    sagemaker.get_waiter("transform_job_completed_or_stopped").wait(TransformJobName=batch, WaiterConfig=QUICKLY)


def test_a_tuning_job_finds_the_best_of_four():
    """a tuning job finds the best of four training jobs"""
    job = name("tuned")
    sagemaker.create_hyper_parameter_tuning_job(**tuning(job))
    done = until(lambda: sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=job), lambda each: each["HyperParameterTuningJobStatus"] not in ("InProgress", "Stopping"))
    assert done["HyperParameterTuningJobStatus"] == "Completed" and done["TrainingJobStatusCounters"]["Completed"] == 4, done
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName=job, SortBy="FinalObjectiveMetricValue", SortOrder="Descending", PaginationConfig={"PageSize": 3})
    children = [each for page in pages for each in page["TrainingJobSummaries"]]
    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in children]
    assert len(values) == 4 and values == sorted(values, reverse=True), values
    assert done["BestTrainingJob"]["TrainingJobName"] == children[0]["TrainingJobName"]
    assert values == [float(each["TunedHyperParameters"]["x"]) for each in children]
    best = sagemaker.describe_training_job(TrainingJobName=children[0]["TrainingJobName"])
    assert best["TuningJobArn"] == done["HyperParameterTuningJobArn"] and best["FinalMetricDataList"][0]["Value"] == values[0]
    sagemaker.delete_hyper_parameter_tuning_job(HyperParameterTuningJobName=job)
    refused(sagemaker.describe_hyper_parameter_tuning_job, "ResourceNotFound", HyperParameterTuningJobName=job)


if __name__ == "__main__":
    main(sys.modules[__name__])
