"""Trains a classifier of handwritten digits and puts it behind an endpoint."""
from pathlib import Path

from aws_cdk import App, CfnOutput, Duration, Environment, Stack
from cdk_sagemaker import Algorithm, Capacity, DataSource, Framework, Hyperparameters, Metric, Script, TrainingJob

HERE = Path(__file__).parent

# without the paths of this machine in the assembly: the same bytes on every machine
app = App(context={"aws:cdk:disable-creation-stack-traces": True})
stack = Stack(app, "Digits", env=Environment(region="us-east-1"))

training = TrainingJob(
    stack,
    "Train",
    algorithm=Algorithm.framework(
        Framework.sklearn("1.2-1"),
        script=Script.from_directory(str(HERE / "src"), entry_point="train.py"),
    ),
    hyperparameters=Hyperparameters.of({"epochs": 20, "hidden-units": 64}),
    inputs={
        "train": DataSource.from_asset(str(HERE / "data" / "train")),
        "test": DataSource.from_asset(str(HERE / "data" / "test")),
    },
    capacity=Capacity.on_demand(instance_type="ml.m5.large"),
    max_runtime=Duration.minutes(20),
    metrics=[Metric.regex("test:accuracy", "test_accuracy=([0-9.]+)")],
)

model = training.to_model("Model", entry_point="inference.py")
endpoint = model.deploy("Endpoint", instance_type="ml.m5.large")

CfnOutput(stack, "Accuracy", value=training.metric("test:accuracy"))
CfnOutput(stack, "EndpointName", value=endpoint.endpoint_name)

app.synth()
