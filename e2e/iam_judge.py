"""moto as a judge of IAM policies: answers one line of JSON for each line of JSON, until its input ends.

    {"assume": policy}                    a role with this policy, taken through STS: {"url": …, "credentials": …}; calls to that server are authorized
    {"policy": policy, "questions": […]}  the verdict for each {"action", "resource", "context"}: [true, …]
"""
import json
import logging
import sys

import boto3
from moto import settings
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.server import ThreadedMotoServer

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


class Judge:
    def __init__(self):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.roles = 0

    def client(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name="eu-west-1", aws_access_key_id="setup", aws_secret_access_key="setup")

    def assume(self, policy):
        settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
        self.roles += 1
        name = f"handler-{self.roles}"
        iam = self.client("iam")
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="handler", PolicyDocument=json.dumps(policy))
        taken = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        credentials = {"accessKeyId": taken["AccessKeyId"], "secretAccessKey": taken["SecretAccessKey"], "sessionToken": taken["SessionToken"]}
        return {"url": self.url, "credentials": credentials}

    @staticmethod
    def verdicts(policy, questions):
        judged = IAMPolicy(json.dumps(policy))
        return [judged.is_action_permitted(each["action"], each["resource"], None, each.get("context")) == PermissionResult.PERMITTED for each in questions]


judge = Judge()
try:
    for line in sys.stdin:
        asked = json.loads(line)
        answer = judge.assume(asked["assume"]) if "assume" in asked else judge.verdicts(asked["policy"], asked["questions"])
        print(json.dumps(answer), flush=True)
finally:
    judge.server.stop()
