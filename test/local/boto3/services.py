"""S3, CloudWatch Logs and CloudWatch, as far as jobs and endpoints need them."""
import hashlib
import io
import os
import sys
import time
import urllib.request

from botocore.exceptions import ClientError

from sagemaker_requests import training
from world import QUICKLY, bucket, client, cloudwatch, get, logs, main, name, put, refused, s3, sagemaker, until

GROUP = "/aws/sagemaker/TrainingJobs"


def test_objects_are_put_read_copied_listed_and_deleted():
    """objects are put, read, copied, listed in pages and deleted, with their metadata and checksums"""
    prefix = name("objects")
    for index in range(5):
        answer = s3.put_object(Bucket=bucket(), Key=f"{prefix}/a {index}+é.txt", Body=f"text {index}", ContentType="text/plain", Metadata={"of": "test"}, ChecksumAlgorithm="SHA256")
        assert answer["ETag"] == f'"{hashlib.md5(f"text {index}".encode()).hexdigest()}"', answer
    head = s3.head_object(Bucket=bucket(), Key=f"{prefix}/a 0+é.txt")
    assert (head["ContentLength"], head["ContentType"], head["Metadata"]) == (6, "text/plain", {"of": "test"}), head
    part = s3.get_object(Bucket=bucket(), Key=f"{prefix}/a 0+é.txt", Range="bytes=0-3")
    assert part["Body"].read() == b"text" and part["ContentRange"] == "bytes 0-3/6", part
    s3.copy_object(Bucket=bucket(), Key=f"{prefix}/b/copy.txt", CopySource={"Bucket": bucket(), "Key": f"{prefix}/a 1+é.txt"})
    assert get(f"s3://{bucket()}/{prefix}/b/copy.txt") == b"text 1"
    for operation in ("list_objects", "list_objects_v2"):
        pages = list(s3.get_paginator(operation).paginate(Bucket=bucket(), Prefix=f"{prefix}/", Delimiter="/", PaginationConfig={"PageSize": 2}))
        assert [each["Key"] for page in pages for each in page.get("Contents", [])] == [f"{prefix}/a {index}+é.txt" for index in range(5)], pages
        assert [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", [])] == [f"{prefix}/b/"], pages
        assert len(pages) == 3, pages
    assert s3.delete_objects(Bucket=bucket(), Delete={"Objects": [{"Key": f"{prefix}/a 0+é.txt"}, {"Key": f"{prefix}/none"}]})["Deleted"]
    s3.delete_object(Bucket=bucket(), Key=f"{prefix}/b/copy.txt")
    refused(s3.get_object, "NoSuchKey", 404, Bucket=bucket(), Key=f"{prefix}/b/copy.txt")
    refused(s3.head_object, "404", 404, Bucket=bucket(), Key=f"{prefix}/b/copy.txt")
    refused(s3.get_object, "NoSuchBucket", 404, Bucket="no-such-bucket", Key="a")
    refused(s3.get_object, "InvalidRange", 416, Bucket=bucket(), Key=f"{prefix}/a 2+é.txt", Range="bytes=100-")
    refused(s3.get_object_tagging, "NotImplemented", 501, Bucket=bucket(), Key=f"{prefix}/a 2+é.txt")
    s3.get_waiter("object_exists").wait(Bucket=bucket(), Key=f"{prefix}/a 2+é.txt", WaiterConfig=QUICKLY)


def test_large_files_go_in_parts():
    """a file of 20 MB is uploaded in parts and downloaded in ranges, whole; an upload can be aborted"""
    content, key = os.urandom(20 * 1024 * 1024), name("large")
    s3.upload_fileobj(io.BytesIO(content), bucket(), key, ExtraArgs={"Metadata": {"of": "test"}})
    head = s3.head_object(Bucket=bucket(), Key=key)
    assert head["ContentLength"] == len(content) and head["ETag"].endswith('-3"') and head["Metadata"] == {"of": "test"}, head
    buffer = io.BytesIO()
    s3.download_fileobj(bucket(), key, buffer)
    assert buffer.getvalue() == content
    s3.copy({"Bucket": bucket(), "Key": key}, bucket(), f"{key}-copied")
    assert get(f"s3://{bucket()}/{key}-copied") == content
    upload = s3.create_multipart_upload(Bucket=bucket(), Key=f"{key}-parts")
    these = {"Bucket": bucket(), "Key": f"{key}-parts", "UploadId": upload["UploadId"]}
    s3.upload_part(PartNumber=1, Body=b"one", **these)
    assert [part["Size"] for part in s3.list_parts(**these)["Parts"]] == [3]
    refused(s3.complete_multipart_upload, "InvalidPart", MultipartUpload={"Parts": [{"PartNumber": 2, "ETag": '"none"'}]}, **these)
    s3.abort_multipart_upload(**these)
    refused(s3.list_parts, "NoSuchUpload", 404, **these)


def test_urls_are_presigned():
    """a presigned URL lets anybody put and get"""
    key = name("signed")
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket(), "Key": key})
    with urllib.request.urlopen(urllib.request.Request(url, data=b"signed", method="PUT")) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(s3.generate_presigned_url("get_object", Params={"Bucket": bucket(), "Key": key})) as answer:
        assert answer.read() == b"signed"


def test_buckets_come_and_go():
    """buckets come and go; one with objects stays"""
    own = name("bucket")
    s3.create_bucket(Bucket=own)
    s3.get_waiter("bucket_exists").wait(Bucket=own)
    assert s3.get_bucket_location(Bucket=own).get("LocationConstraint") is None
    s3.put_object(Bucket=own, Key="a", Body=b"1")
    refused(s3.delete_bucket, "BucketNotEmpty", 409, Bucket=own)
    s3.delete_object(Bucket=own, Key="a")
    s3.delete_bucket(Bucket=own)
    refused(s3.head_bucket, "404", 404, Bucket=own)


def test_logs_are_read_in_pages():
    """the logs of a job are described, read forwards and backwards, and filtered in pages"""
    job = name("logged")
    sagemaker.create_training_job(**training(job))
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=job, WaiterConfig=QUICKLY)
    assert GROUP in [group["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws/sagemaker/") for group in page["logGroups"]]
    streams = [stream for page in logs.get_paginator("describe_log_streams").paginate(logGroupName=GROUP, logStreamNamePrefix=f"{job}/") for stream in page["logStreams"]]
    assert len(streams) == 1 and streams[0]["firstEventTimestamp"] <= streams[0]["lastEventTimestamp"], streams
    these = {"logGroupName": GROUP, "logStreamName": streams[0]["logStreamName"]}
    whole = [event["message"] for event in logs.get_log_events(startFromHead=True, **these)["events"]]
    assert "words=3" in whole and "score=1" in whole, whole
    assert forwards(these) == whole
    last = logs.get_log_events(limit=1, **these)
    assert [event["message"] for event in last["events"]] == whole[-1:]
    previous = logs.get_log_events(limit=1, nextToken=last["nextBackwardToken"], **these)
    assert [event["message"] for event in previous["events"]] == whole[-2:-1]
    pages = list(logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP, logStreamNames=[these["logStreamName"]], PaginationConfig={"PageSize": 1}))
    assert [event["message"] for page in pages for event in page["events"]] == whole
    found = logs.filter_log_events(logGroupName=GROUP, logStreamNamePrefix=f"{job}/", filterPattern='"score="')["events"]
    assert [event["message"] for event in found] == ["score=1"] and found[0]["eventId"] and found[0]["logStreamName"] == these["logStreamName"], found
    assert logs.filter_log_events(logGroupName=GROUP, logStreamNamePrefix=f"{job}/", startTime=int(time.time() * 1000) + 60_000)["events"] == []
    newest = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True, limit=1)
    assert len(newest["logStreams"]) == 1, newest


def forwards(these):
    found, token = [], None
    while True:
        page = logs.get_log_events(startFromHead=True, limit=2, **these, **({"nextToken": token} if token else {}))
        found += [event["message"] for event in page["events"]]
        if page["nextForwardToken"] == token:
            return found
        token = page["nextForwardToken"]


def test_logs_that_are_not_there_are_not_found():
    """groups and streams that are not there are not found, and limits are held"""
    refused(logs.describe_log_streams, "ResourceNotFoundException", says="The specified log group does not exist.", logGroupName="/none")
    refused(logs.filter_log_events, "ResourceNotFoundException", logGroupName="/none")
    put("train/data.txt", "a")
    refused(logs.get_log_events, "ResourceNotFoundException", logGroupName="/none", logStreamName="none")
    unchecked = client("logs", parameter_validation=False)
    refused(unchecked.describe_log_groups, "InvalidParameterException", limit=51)
    refused(logs.create_log_group, "UnknownOperationException", says="CreateLogGroup", logGroupName="/mine")


def test_metrics_raise_alarms():
    """alarms are put, described in pages, raised by metrics, waited for and deleted"""
    alarm, other = name("alarm"), name("alarm")
    common = {
        "Namespace": "Mine", "MetricName": alarm, "Statistic": "Maximum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 0.5,
        "ComparisonOperator": "GreaterThanThreshold", "Dimensions": [{"Name": "EndpointName", "Value": "é"}], "TreatMissingData": "notBreaching",
    }
    for each in (alarm, other):
        cloudwatch.put_metric_alarm(AlarmName=each, **common)
    described = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    assert [(each["AlarmName"], each["Threshold"], each["Dimensions"]) for each in described] == [(alarm, 0.5, common["Dimensions"])], described
    assert described[0]["AlarmArn"].endswith(f":alarm:{alarm}") and described[0]["StateValue"] == "OK", described
    cloudwatch.put_metric_data(Namespace="Mine", MetricData=[{"MetricName": alarm, "Dimensions": common["Dimensions"], "Value": 2.5, "Unit": "Count"}])
    until(lambda: cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]["StateValue"], lambda state: state == "ALARM", 30)
    cloudwatch.get_waiter("alarm_exists").wait(AlarmNames=[other], WaiterConfig=QUICKLY)
    states = {state: [each["AlarmName"] for each in cloudwatch.describe_alarms(StateValue=state, AlarmNamePrefix="alarm-")["MetricAlarms"]] for state in ("OK", "ALARM")}
    assert alarm in states["ALARM"] and alarm not in states["OK"], states
    found = [each["AlarmName"] for page in cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix="alarm-", PaginationConfig={"PageSize": 1}) for each in page["MetricAlarms"]]
    assert sorted(found) == sorted([alarm, other]), found
    cloudwatch.delete_alarms(AlarmNames=[alarm, other])
    assert cloudwatch.describe_alarms(AlarmNames=[alarm, other])["MetricAlarms"] == []
    refused(cloudwatch.list_dashboards, "UnknownOperationException", says="ListDashboards")


if __name__ == "__main__":
    main(sys.modules[__name__])
