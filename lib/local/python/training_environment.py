"""Prints what a training script is started with: {"environment": {...}, "arguments": [...]}.

The names and their values are those of the sagemaker-training toolkit, which AWS's framework images start scripts by:
https://github.com/aws/sagemaker-training-toolkit/blob/master/ENVIRONMENT_VARIABLES.md. In Python, because a value's text
is Python's: `str(True)`, `str(1e-05)`, `json.dumps(..., sort_keys=True)`.

usage: training_environment.py <folder that stands for /opt/ml> <job name> <region> <framework module>
"""

import json
import logging
import multiprocessing
import os
import shutil
import subprocess
import sys

# Told to the toolkit, not to the script.
TOOLKIT_KEYS = {
    "sagemaker_program",
    "sagemaker_submit_directory",
    "sagemaker_enable_cloudwatch_metrics",
    "sagemaker_region",
    "sagemaker_container_log_level",
    "sagemaker_job_name",
    "default_user_module_name",
    "_tuning_objective_metric",
    "sagemaker_s3_output",
}
DISTRIBUTION_KEYS = (
    "sagemaker_mpi_enabled",
    "sagemaker_parameter_server_enabled",
    "sagemaker_distributed_dataparallel_enabled",
    "sagemaker_pytorch_ddp_enabled",
    "sagemaker_pytorch_xla_multi_worker_enabled",
    "sagemaker_multi_worker_mirrored_strategy_enabled",
    "sagemaker_torch_distributed_enabled",
)


def decoded(text):
    """JSON where it is JSON, otherwise the text itself."""
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


def variable_value(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def argument_value(value):
    if value is None:
        return ""
    if isinstance(value, dict):
        return ",".join("%s=%s" % item for item in sorted(value.items()))
    return str(value)


def gpus():
    if shutil.which("nvidia-smi") is None:
        return 0
    listed = subprocess.run(["nvidia-smi", "--list-gpus"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
    return sum(line.startswith("GPU ") for line in listed.stdout.splitlines())


def training_environment(base, job_name, region, framework_module):
    def config(name):
        with open(os.path.join(base, "input", "config", name), encoding="utf-8") as file:
            return json.load(file)

    def here(value):
        """A path of the container is a path below `base` here."""
        if isinstance(value, str) and (value == "/opt/ml" or value.startswith("/opt/ml/")):
            return base + value[len("/opt/ml"):]
        return value

    all_parameters = {key: here(decoded(text)) for key, text in config("hyperparameters.json").items()}
    for_toolkit = {key: value for key, value in all_parameters.items() if key in TOOLKIT_KEYS or key.startswith("sagemaker_")}
    framework_parameters = {key: value for key, value in for_toolkit.items() if key not in TOOLKIT_KEYS}
    parameters = {key: value for key, value in all_parameters.items() if key not in for_toolkit}

    resources = config("resourceconfig.json")
    inputs = config("inputdataconfig.json")
    group = resources.get("current_group_name", "homogeneousCluster")
    groups = resources.get("instance_groups", [])
    distributed = any(framework_parameters.get(key, False) for key in DISTRIBUTION_KEYS)
    distribution_groups = framework_parameters.get("sagemaker_distribution_instance_groups", [group] if distributed else [])
    distribution_hosts = [host for each in groups if each["instance_group_name"] in distribution_groups for host in each["hosts"]]
    hosts = resources["hosts"]
    master = (distribution_hosts or hosts)[0]
    program = for_toolkit.get("sagemaker_program")
    channels = {channel: os.path.join(base, "input", "data", channel) for channel in inputs}
    output = os.path.join(base, "output")

    training = {
        "additional_framework_parameters": framework_parameters,
        "channel_input_dirs": channels,
        "current_host": resources["current_host"],
        "current_instance_group": group,
        "current_instance_group_hosts": next((each["hosts"] for each in groups if each["instance_group_name"] == group), []),
        "current_instance_type": resources.get("current_instance_type", "local"),
        "distribution_hosts": distribution_hosts,
        "distribution_instance_groups": distribution_groups,
        "framework_module": framework_module or None,
        "hosts": hosts,
        "hyperparameters": parameters,
        "input_config_dir": os.path.join(base, "input", "config"),
        "input_data_config": inputs,
        "input_dir": os.path.join(base, "input"),
        "instance_groups": [each["instance_group_name"] for each in groups],
        "instance_groups_dict": {each["instance_group_name"]: each for each in groups},
        "is_hetero": len(groups) > 1,
        "is_master": resources["current_host"] == master,
        "is_modelparallel_enabled": None,
        "is_smddpmprun_installed": shutil.which("smddpmprun") is not None,
        "is_smddprun_installed": shutil.which("smddprun") is not None,
        "job_name": job_name,
        "log_level": for_toolkit.get("sagemaker_container_log_level", logging.INFO),
        "master_hostname": master,
        "model_dir": os.path.join(base, "model"),
        "module_dir": str(for_toolkit.get("sagemaker_submit_directory", os.path.join(base, "code"))),
        "module_name": program[: -len(".py")] if program and program.endswith(".py") else program,
        "network_interface_name": resources.get("network_interface_name", "eth0"),
        "num_cpus": multiprocessing.cpu_count(),
        "num_gpus": gpus(),
        "num_neurons": 0,
        "output_data_dir": os.path.join(output, "data"),
        "output_dir": output,
        "output_intermediate_dir": os.path.join(output, "intermediate"),
        "resource_config": resources,
        "topology": [],
        "user_entry_point": program,
    }

    arguments = []
    for key in sorted(parameters):
        arguments += ["--" + key if len(key) > 1 else "-" + key, argument_value(parameters[key])]

    not_variables = ("additional_framework_parameters", "channel_input_dirs", "distribution_hosts", "hyperparameters", "is_master",
                     "is_modelparallel_enabled", "is_smddpmprun_installed", "is_smddprun_installed", "job_name", "master_hostname", "topology")
    variables = {key: value for key, value in training.items() if key not in not_variables}
    variables.update(
        channels=sorted(channels),
        framework_params=framework_parameters,
        hps=parameters,
        training_env=training,
        user_args=arguments,
    )
    variables.update({"channel_" + channel: path for channel, path in channels.items()})
    variables.update({"hp_" + key: value for key, value in parameters.items()})

    environment = {"SM_" + key.upper(): variable_value(value) for key, value in variables.items()}
    environment.update(
        CURRENT_HOST=resources["current_host"],
        SAGEMAKER_JOB_NAME=str(for_toolkit.get("sagemaker_job_name", "")),
        SAGEMAKER_REGION=str(for_toolkit.get("sagemaker_region", region)),
    )
    return {"environment": environment, "arguments": arguments}


if __name__ == "__main__":
    print(json.dumps(training_environment(*sys.argv[1:5])))
