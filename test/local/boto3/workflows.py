"""Step Functions, SSM's parameters and CloudFormation, with the two stacks that boto3.test.ts has deployed."""
import json
import sys

from cli import aws, refused as cli_refused
from world import client, main, name, refused, until

ssm, steps, stacks = (client(service) for service in ("ssm", "stepfunctions", "cloudformation"))
#: It waits where it is told to, and otherwise makes its output of its input.
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:of-tests"
SAME = [{"ParameterKey": "Model", "UsePreviousValue": True}]


def test_parameters_are_put_read_and_deleted():
    """parameters are put, overwritten, read alone and together, and deleted"""
    own = f"/boto3/{name('p')}"
    assert ssm.put_parameter(Name=own, Value="one", Type="String", Description="a test")["Version"] == 1
    refused(ssm.put_parameter, "ParameterAlreadyExists", Name=own, Value="two", Type="String")
    assert ssm.put_parameter(Name=own, Value="two", Overwrite=True)["Version"] == 2
    assert ssm.get_parameter(Name=own)["Parameter"]["Value"] == "two"
    assert ssm.get_parameter(Name=f"{own}:1")["Parameter"]["Value"] == "one"
    both = ssm.get_parameters(Names=[own, "/none"])
    assert [each["Name"] for each in both["Parameters"]] == [own] and both["InvalidParameters"] == ["/none"], both
    ssm.delete_parameter(Name=own)
    refused(ssm.get_parameter, "ParameterNotFound", Name=own)
    refused(ssm.describe_parameters, "UnknownOperationException", says="DescribeParameters")


def test_executions_are_started_described_and_listed():
    """executions are started with a name and without, described, listed in pages and by status, with their history"""
    assert MACHINE in [each["stateMachineArn"] for page in steps.get_paginator("list_state_machines").paginate() for each in page["stateMachines"]]
    machine = steps.describe_state_machine(stateMachineArn=MACHINE)
    assert json.loads(machine["definition"])["StartAt"] == "Wait?" and machine["type"] == "STANDARD", machine
    own = name("run")
    arn = steps.start_execution(stateMachineArn=MACHINE, name=own, input='{"a": 1}')["executionArn"]
    steps.start_execution(stateMachineArn=MACHINE)
    done = until(lambda: steps.describe_execution(executionArn=arn), lambda each: each["status"] != "RUNNING", 30)
    assert (done["status"], json.loads(done["output"]), done["name"]) == ("SUCCEEDED", {"made": {"a": 1}}, own), done
    refused(steps.start_execution, "ExecutionAlreadyExists", stateMachineArn=MACHINE, name=own, input='{"a": 2}')
    refused(steps.start_execution, "InvalidExecutionInput", stateMachineArn=MACHINE, input="{")
    refused(steps.start_execution, "StateMachineDoesNotExist", stateMachineArn=f"{MACHINE}-none")
    refused(steps.describe_execution, "ExecutionDoesNotExist", executionArn=f"{arn}-none")
    pages = steps.get_paginator("list_executions").paginate(stateMachineArn=MACHINE, statusFilter="SUCCEEDED", PaginationConfig={"PageSize": 1})
    assert arn in [each["executionArn"] for page in pages for each in page["executions"]]
    events = [event for page in steps.get_paginator("get_execution_history").paginate(executionArn=arn, PaginationConfig={"PageSize": 2}) for event in page["events"]]
    assert [event["type"] for event in events] == ["ExecutionStarted", "ChoiceStateEntered", "ChoiceStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"], events
    refused(steps.list_activities, "UnknownOperationException", says="ListActivities")


def test_executions_are_stopped():
    """an execution is stopped, with an error and a cause"""
    arn = steps.start_execution(stateMachineArn=MACHINE, input='{"wait": 1}')["executionArn"]
    assert steps.stop_execution(executionArn=arn, error="Enough", cause="said a test")["stopDate"]
    stopped = until(lambda: steps.describe_execution(executionArn=arn), lambda each: each["status"] != "RUNNING", 30)
    assert (stopped["status"], stopped["error"], stopped["cause"]) == ("ABORTED", "Enough", "said a test"), stopped


def test_stacks_are_updated_with_the_previous_template():
    """a stack reads its SSM parameter again in an update with the previous template"""
    ssm.put_parameter(Name="/boto3/model", Value=name("model"), Overwrite=True)
    refused(stacks.update_stack, "InsufficientCapabilitiesException", StackName="Reader", UsePreviousTemplate=True, Parameters=SAME)
    stacks.update_stack(StackName="Reader", UsePreviousTemplate=True, Parameters=SAME, Capabilities=["CAPABILITY_IAM"])
    stacks.get_waiter("stack_update_complete").wait(StackName="Reader", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    [stack] = stacks.describe_stacks(StackName="Reader")["Stacks"]
    value = ssm.get_parameter(Name="/boto3/model")["Parameter"]["Value"]
    assert stack["Parameters"] == [{"ParameterKey": "Model", "ParameterValue": "/boto3/model", "ResolvedValue": value}], stack
    assert stack["Outputs"] == [{"OutputKey": "Serves", "OutputValue": value, "ExportName": "Served"}], stack
    refused(stacks.update_stack, "ValidationError", says="No updates are to be performed.", StackName="Reader", UsePreviousTemplate=True, Parameters=SAME, Capabilities=["CAPABILITY_IAM"])
    refused(stacks.describe_stacks, "ValidationError", says="does not exist", StackName="None")
    refused(stacks.list_stacks, "InvalidAction", says="ListStacks")


def test_stacks_are_looked_at():
    """templates, resources and exports of stacks are shown"""
    assert "Served" in stacks.get_template(StackName="Reader")["TemplateBody"]["Outputs"]["Serves"]["Export"]["Name"]
    [role] = [each for page in stacks.get_paginator("list_stack_resources").paginate(StackName="Reader") for each in page["StackResourceSummaries"]]
    assert (role["LogicalResourceId"], role["ResourceType"]) == ("Role", "AWS::IAM::Role"), role
    assert stacks.describe_stack_resources(StackName="Reader", LogicalResourceId="Role")["StackResources"][0]["PhysicalResourceId"] == role["PhysicalResourceId"]
    assert "Served" in [each["Name"] for page in stacks.get_paginator("list_exports").paginate() for each in page["Exports"]]


def test_commands():
    """the AWS CLI puts parameters, starts and stops executions, and updates stacks"""
    own = f"/boto3/{name('p')}"
    aws("ssm", "put-parameter", "--name", own, "--value", "one", "--type", "String")
    assert aws("ssm", "get-parameter", "--name", own, "--query", "Parameter.Value") == "one"
    assert aws("ssm", "get-parameters", "--names", own, "--query", "Parameters[].Value") == ["one"]
    aws("ssm", "delete-parameter", "--name", own)
    cli_refused("ParameterNotFound", "ssm", "get-parameter", "--name", own)
    arn = aws("stepfunctions", "start-execution", "--state-machine-arn", MACHINE, "--input", '{"wait": 1}')["executionArn"]
    aws("stepfunctions", "stop-execution", "--execution-arn", arn)
    until(lambda: aws("stepfunctions", "describe-execution", "--execution-arn", arn)["status"], lambda status: status == "ABORTED", 30)
    assert aws("stepfunctions", "get-execution-history", "--execution-arn", arn, "--reverse-order", "--max-items", "1")["events"][0]["type"] == "ExecutionAborted"
    assert arn in [each["executionArn"] for each in aws("stepfunctions", "list-executions", "--state-machine-arn", MACHINE)["executions"]]
    assert MACHINE in [each["stateMachineArn"] for each in aws("stepfunctions", "list-state-machines")["stateMachines"]]
    assert aws("stepfunctions", "describe-state-machine", "--state-machine-arn", MACHINE)["status"] == "ACTIVE"
    update = ("cloudformation", "update-stack", "--stack-name", "Reader", "--use-previous-template", "--capabilities", "CAPABILITY_IAM", "--parameters", "ParameterKey=Model,UsePreviousValue=true")
    aws("ssm", "put-parameter", "--name", "/boto3/model", "--value", name("model"), "--overwrite")
    assert aws(*update)["StackId"].startswith("arn:aws:cloudformation:")
    until(lambda: aws("cloudformation", "describe-stacks", "--stack-name", "Reader")["Stacks"][0]["StackStatus"], lambda status: status == "UPDATE_COMPLETE", 60)
    assert aws("cloudformation", "get-template", "--stack-name", "Reader")["StagesAvailable"] == ["Original", "Processed"]
    assert aws("cloudformation", "list-stack-resources", "--stack-name", "Reader", "--query", "StackResourceSummaries[].LogicalResourceId") == ["Role"]
    assert aws("cloudformation", "describe-stack-resources", "--stack-name", "Reader", "--query", "StackResources[].LogicalResourceId") == ["Role"]
    assert "Served" in aws("cloudformation", "list-exports", "--query", "Exports[].Name")
    assert "No updates are to be performed." in cli_refused("ValidationError", *update)


if __name__ == "__main__":
    main(sys.modules[__name__])
