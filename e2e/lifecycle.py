"""What CloudFormation does in the life of a stack and ministack does not (docs/CLOUDFORMATION.md of aws/aws-cdk).

1. An update that failed is taken back by Updates with the old properties, in the order of dependencies, a custom
   resource that the update had replaced included: ministack deletes its new physical resource and asks nobody.
2. The clean-up after an update is a state of the stack, and its Deletes are events.
3. A custom resource whose Create answers FAILED is deleted by the id that it answered with.
"""

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.custom_resource as custom_resource
import ministack.services.cloudformation.handlers as handlers
import ministack.services.cloudformation.stacks as stacks

STACK = "AWS::CloudFormation::Stack"
CLEANUP = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"

roll_back_operation = stacks._roll_back_operation
delete_stack = stacks._delete_stack_async
delete_resource = stacks._delete_resource
runs_on_worker_thread = stacks._runs_on_worker_thread
invoke = custom_resource.invoke_custom_resource
deliver = custom_resource.deliver_response


def install():
    for module in (stacks, handlers):
        module._roll_back_operation = roll_back
        module._delete_stack_async = delete_with_failed
    stacks._delete_resource = delete_in_cleanup
    stacks._runs_on_worker_thread = lambda resource_type: runs_on_worker_thread(resource_type) or resource_type.startswith("AWS::SageMaker::")
    custom_resource.deliver_response = remember_answer
    custom_resource.invoke_custom_resource = invoke_and_remember_failed


# ---------------------------------------------------------------- 1. rollback


async def roll_back(stack_name, stack_id, stack, operation, reason_override=""):
    """Of a create by ministack, with what failed; of an update as below."""
    for logical_id, record in failed_creates.pop(stack_name, {}).items():
        stack["_resources"][logical_id] = record
        operation["created"].append(logical_id)
    if operation["is_update"] and operation["previous_stack"]:
        return await roll_back_update(stack_name, stack_id, stack, operation, reason_override or reason_of(operation))
    return await roll_back_operation(stack_name, stack_id, stack, operation, reason_override)


async def roll_back_update(stack_name, stack_id, stack, operation, reason):
    before, now = operation["previous_stack"]["_resources"], stack["_resources"]
    stack.pop("_failed_operation", None)
    enter(stack, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
    superseded, failed = [], {}
    for logical_id in touched(operation):
        prior = before.get(logical_id)
        change = change_of(operation, logical_id, prior, now.get(logical_id), stack_name, stack_id)
        if change is None:
            superseded.append((logical_id, now[logical_id]))
        elif change["RevertFrom"] != change["RevertTo"]:
            physical_ids = {prior["PhysicalResourceId"], change["PhysicalResourceId"]}
            prior["PhysicalResourceId"] = change["PhysicalResourceId"]
            try:
                await stacks._revert_update(
                    stack_id, stack_name, logical_id, change["ResourceType"], change["PhysicalResourceId"],
                    change["RevertFrom"], change["RevertTo"], change["Attributes"], prior)
            except Exception:
                failed[logical_id] = change
                continue
            # The answer says which of them is the resource now.
            superseded += [(logical_id, {**now[logical_id], "PhysicalResourceId": each}) for each in physical_ids - {prior["PhysicalResourceId"]}]
    for key in ("_resources", "_template", "_template_body", "_resolved_params", "_conditions", "Parameters", "Tags", "Outputs"):
        stack[key] = operation["previous_stack"][key]
    if failed:
        stack["_rollback_failed"] = failed
        return enter(stack, "UPDATE_ROLLBACK_FAILED", stacks._rollback_failure_reason(failed))
    enter(stack, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    for logical_id, record in reversed(superseded):
        await clean_up(stack, logical_id, record)
    enter(stack, "UPDATE_ROLLBACK_COMPLETE")


def touched(operation):
    """What the update created or changed, the one that failed last."""
    return [*operation["created"], *([operation["failed_update"][0]] if operation["failed_update"] else [])]


def change_of(operation, logical_id, prior, current, stack_name, stack_id):
    """From what to what a resource goes back; None where another physical resource is deleted instead."""
    if operation["failed_update"] and operation["failed_update"][0] == logical_id:
        _, resource_type, physical_id, applied, previous, attributes = operation["failed_update"]
        # A type's own handler changes nothing before it fails; a provider may have.
        applied = applied if is_custom(resource_type) else previous
        return {"ResourceType": resource_type, "PhysicalResourceId": physical_id, "RevertFrom": applied, "RevertTo": previous, "Attributes": attributes}
    resource_type = current["ResourceType"]
    is_replaced = prior is not None and (prior["PhysicalResourceId"] != current["PhysicalResourceId"] or logical_id in operation["replaced_ids"])
    if prior is None or (is_replaced and not is_custom(resource_type)):
        return None
    tagged = lambda record, tags: stacks._with_stack_tags(resource_type, record["Properties"], operation[tags], stack_name, stack_id, logical_id)
    return {
        "ResourceType": resource_type, "PhysicalResourceId": current["PhysicalResourceId"], "Attributes": current["Attributes"],
        "RevertFrom": tagged(current, "stack_tags"), "RevertTo": tagged(prior, "previous_tags"),
    }


async def clean_up(stack, logical_id, record):
    """A Delete that fails leaves the resource behind, and fails nothing."""
    resource_type, physical_id = record["ResourceType"], record["PhysicalResourceId"]
    event = lambda status, reason="": stacks._add_event(stack["StackId"], stack["StackName"], logical_id, resource_type, status, reason, physical_id)
    event("DELETE_IN_PROGRESS")
    try:
        await stacks.run_reentrant(delete_resource, resource_type, physical_id, record["Properties"], stack["StackName"], logical_id)
        event("DELETE_COMPLETE")
    except Exception as error:
        event("DELETE_FAILED", str(error))


def enter(stack, status, reason=""):
    stack["StackStatus"], stack["StackStatusReason"] = status, reason
    stacks._add_event(stack["StackId"], stack["StackName"], stack["StackName"], STACK, status, reason, stack["StackId"])


def reason_of(operation):
    verb = "update" if operation["failed_update"] else "create"
    return "User Initiated" if operation["cancelled"] else f"The following resource(s) failed to {verb}: [{operation['failed_logical_id']}]."


def is_custom(resource_type):
    return resource_type.startswith("Custom::") or resource_type == "AWS::CloudFormation::CustomResource"


# ---------------------------------------------------------------- 2. the clean-up after an update


def delete_in_cleanup(resource_type, physical_id, properties, stack_name=None, logical_id=None):
    """The Delete of a stack's resource; the first one of an update that went well begins the clean-up."""
    stack = cloudformation._stacks[stack_name]
    if stack["StackStatus"] == "UPDATE_IN_PROGRESS":
        enter(stack, CLEANUP)
    if stack["StackStatus"] != CLEANUP:
        return delete_resource(resource_type, physical_id, properties, stack_name, logical_id)
    event = lambda status: stacks._add_event(stack["StackId"], stack_name, logical_id, resource_type, status, "", physical_id)
    event("DELETE_IN_PROGRESS")
    delete_resource(resource_type, physical_id, properties, stack_name, logical_id)
    event("DELETE_COMPLETE")


# ---------------------------------------------------------------- 3. custom resources that could not be created

answers = {}
failed_creates = {}


def remember_answer(token, answer):
    answers[answer.get("StackId"), answer.get("LogicalResourceId")] = answer
    return deliver(token, answer)


def invoke_and_remember_failed(request_type, logical_id, props, stack_name, stack_id, resource_type, physical_id=None, old_props=None):
    try:
        return invoke(request_type, logical_id, props, stack_name, stack_id, resource_type, physical_id, old_props)
    except RuntimeError:
        answered = answers[stack_id, logical_id].get("PhysicalResourceId")
        if request_type == "Create" and answered:
            failed_creates.setdefault(stack_name, {})[logical_id] = {
                "LogicalResourceId": logical_id, "PhysicalResourceId": answered, "ResourceType": resource_type,
                "ResourceStatus": "CREATE_FAILED", "Properties": props, "Attributes": {},
            }
        raise


async def delete_with_failed(stack_name, *args, **kwargs):
    stack = cloudformation._stacks.get(stack_name)
    for logical_id, record in failed_creates.pop(stack_name, {}).items():
        stack["_resources"][logical_id] = record
    return await delete_stack(stack_name, *args, **kwargs)
