"""Requests for jobs, models and endpoints. What a program does, it does as a script or, in containers, as the test's image."""
import json

from world import IMAGE, IS_CONTAINER, ROLE, archive, bucket, put, sagemaker

SCRIPTS = {
    "train": """
import os
with open(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "data.txt")) as file:
    text = file.read()
print("words=" + str(len(text.split())), flush=True)
print("score=" + os.environ.get("SM_HP_X", "1"), flush=True)
with open(os.path.join(os.environ["SM_MODEL_DIR"], "text.txt"), "w") as file:
    file.write(text)
""",
    "fail": "raise ValueError('the data are of no use')",
    "sleep": "import time\nprint('sleeping', flush=True)\ntime.sleep(600)",
}

#: As the first process of a container it has to listen for the signal itself.
SLEEPING = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('sleeping', flush=True); time.sleep(600)"

INFERENCE = """
import json, os
def model_fn(folder):
    with open(os.path.join(folder, "text.txt")) as file:
        return file.read()
def input_fn(body, content_type):
    return json.loads(body)
def predict_fn(data, model):
    if isinstance(data, dict) and data.get("fail"):
        raise RuntimeError("asked to fail")
    return {"model": model, "data": data}
"""


def program(kind):
    """The hyperparameters that make a training job do this."""
    if IS_CONTAINER:
        return {"do": kind}
    source = archive(f"source/{kind}/sourcedir.tar.gz", {"train.py": SCRIPTS[kind]})
    return {"sagemaker_program": json.dumps("train.py"), "sagemaker_submit_directory": json.dumps(source)}


def channel(prefix="train", channel_name="train"):
    return {"ChannelName": channel_name, "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket()}/{prefix}/", "S3DataDistributionType": "FullyReplicated"}}}


def training(job, kind="train", seconds=60, hyperparameters=None, **others):
    put("train/data.txt", "alpha beta gamma")
    return {
        "TrainingJobName": job,
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File", "MetricDefinitions": [{"Name": "score", "Regex": "score=([0-9.]+)"}]},
        "HyperParameters": {**program(kind), **(hyperparameters or {})},
        "InputDataConfig": [channel()],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket()}/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": seconds},
        **others,
    }


def tuning(job, most=4, parallel=2):
    definition = training(job)
    del definition["TrainingJobName"]
    definition["StaticHyperParameters"] = definition.pop("HyperParameters")
    return {
        "HyperParameterTuningJobName": job,
        "HyperParameterTuningJobConfig": {
            "Strategy": "Random",
            "RandomSeed": 1,
            "ResourceLimits": {"MaxNumberOfTrainingJobs": most, "MaxParallelTrainingJobs": parallel},
            "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "score"},
            "ParameterRanges": {"IntegerParameterRanges": [{"Name": "x", "MinValue": "1", "MaxValue": "1000", "ScalingType": "Linear"}]},
        },
        "TrainingJobDefinition": definition,
    }


def processing(job, code="print('processed')", **others):
    return {
        "ProcessingJobName": job,
        "RoleArn": ROLE,
        "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "-c", code]},
        "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 10}},
        **others,
    }


def transform(job, model, uri):
    return {
        "TransformJobName": job,
        "ModelName": model,
        "TransformInput": {"ContentType": "application/json", "SplitType": "Line", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}},
        "TransformOutput": {"S3OutputPath": f"s3://{bucket()}/transformed/{job}", "AssembleWith": "Line"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        "BatchStrategy": "SingleRecord",
    }


def model(model_name, text="said", data=None):
    files = {"text.txt": text} if IS_CONTAINER else {"text.txt": text, "code/inference.py": INFERENCE}
    sagemaker.create_model(ModelName=model_name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": IMAGE, "ModelDataUrl": data or archive(f"models/{model_name}/model.tar.gz", files)})
    return model_name


def config(config_name, model_name, **others):
    variant = {"VariantName": "AllTraffic", "ModelName": model_name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1, "InitialVariantWeight": 1}
    sagemaker.create_endpoint_config(EndpointConfigName=config_name, ProductionVariants=[variant], **others)
    return config_name
