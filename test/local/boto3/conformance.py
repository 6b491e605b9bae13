"""Holds what a server answers, as it is on the wire, against the service models that botocore has."""
import datetime
import json
import re
from xml.etree import ElementTree

from botocore.parsers import create_parser

MOST_SECONDS = 4_102_444_800  # 2100: what is more are milliseconds


class Conformance:
    """Listens to clients: which operations were called, and everything that their answers should not have been."""

    def __init__(self):
        self.called = set()
        self.problems = []

    def watch(self, client):
        client.meta.events.register("before-parse", self._look)
        return client

    def _look(self, operation_model, response_dict, **_):
        service = operation_model.service_model.service_name
        name = f"{service}.{operation_model.name}"
        self.called.add(name)
        protocol = operation_model.service_model.resolved_protocol
        found = []
        requires_id = "x-amz-request-id" if service == "s3" else "x-amzn-requestid"
        if requires_id not in {key.lower() for key in response_dict["headers"]}:
            found.append(f"no header {requires_id}")
        if response_dict["status_code"] < 300:
            found += list(_answer(protocol, operation_model, response_dict))
        else:
            found += list(_error(protocol, operation_model, response_dict))
        self.problems += [f"{name}: {problem}" for problem in found]


def _answer(protocol, operation_model, response):
    shape = operation_model.output_shape
    if shape is None:
        if response["body"] not in (b"", b"{}"):
            yield f"there should be no body, but it is {response['body'][:100]!r}"
        return
    if protocol == "json":
        yield from check(shape, json.loads(response["body"]), "")
    elif protocol == "smithy-rpc-v2-cbor":
        yield from check(shape, _decode_cbor(response["body"]), "")
    elif protocol == "query":
        result = ElementTree.fromstring(response["body"]).find(f"{{*}}{operation_model.name}Result")
        yield from ["no result"] if result is None else _check_xml(shape.members, result, "")
    else:
        yield from _rest_answer(protocol, shape, response)


def _rest_answer(protocol, shape, response):
    """Members in headers, in the status, in the body as a whole, or in a document."""
    headers = {key.lower(): value for key, value in response["headers"].items()}
    in_body = {}
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        if location == "header":
            value = headers.get(member.serialization["name"].lower())
            if value is not None:
                yield from check(member, _from_header(member, value), name, is_header=True)
            elif name in shape.required_members:
                yield f"{name}: the header {member.serialization['name']} is missing"
        elif location is None:
            in_body[name] = member
    payload = shape.serialization.get("payload")
    if payload is not None or not in_body:
        return
    if protocol == "rest-json":
        yield from check_members(in_body, [each for each in shape.required_members if each in in_body], json.loads(response["body"]), "")
    elif response["body"]:
        yield from _check_xml(in_body, ElementTree.fromstring(response["body"]), "")


def _from_header(shape, text):
    if shape.type_name in ("integer", "long"):
        return int(text)
    if shape.type_name == "boolean":
        return text == "true"
    return text


def _error(protocol, operation_model, response):
    body = response["body"]
    if not body:
        if operation_model.http.get("method") != "HEAD":
            yield "an error without a body"
        return
    if protocol == "query":
        document = ElementTree.fromstring(body)
        if not all(document.findtext(f"{{*}}Error/{{*}}{name}") for name in ("Type", "Code", "Message")):
            yield f"no error of the Query protocol: {body[:200]!r}"
        return
    if protocol == "rest-xml":
        document = ElementTree.fromstring(body)
        if document.tag != "Error" or not document.findtext("Code") or not document.findtext("Message"):
            yield f"no error of S3: {body[:200]!r}"
        return
    error = _decode_cbor(body) if protocol == "smithy-rpc-v2-cbor" else json.loads(body)
    # SSM says no more of these than their names.
    if not (error.get("message") or error.get("Message")) and error.get("__type") != "ParameterNotFound":
        yield f"an error without a message: {error}"
    code = error.get("__type") or {key.lower(): value for key, value in response["headers"].items()}.get("x-amzn-errortype")
    if not code:
        yield f"an error without a code: {error}"
    for shape in operation_model.error_shapes:
        if shape.error_code == code:
            members = {key: value for key, value in error.items() if key not in ("__type", "message", "Message")}
            yield from check_members(shape.members, [], members, code)


def check(shape, value, path, is_header=False):
    """What is wrong with a value of this shape, as it is in JSON: members that are not known, those that lack, types, enums, sizes, patterns."""
    kind = shape.type_name
    at = path or shape.name
    if value is None:
        yield f"{at}: null"
    elif kind == "structure":
        if not isinstance(value, dict):
            yield f"{at}: no structure but {value!r}"
        else:
            yield from check_members(shape.members, shape.required_members, value, path)
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{at}: no list but {value!r}"
        else:
            yield from _sizes(shape, len(value), at)
            for index, item in enumerate(value):
                yield from check(shape.member, item, f"{path}[{index}]")
    elif kind == "map":
        if not isinstance(value, dict):
            yield f"{at}: no map but {value!r}"
        else:
            yield from _sizes(shape, len(value), at)
            for key, item in value.items():
                yield from check(shape.key, key, f"{path}.{key}")
                yield from check(shape.value, item, f"{path}.{key}")
    elif kind == "timestamp":
        yield from _timestamp(value, at, is_header)
    else:
        yield from _scalar(shape, value, at)


def check_members(members, required, value, path):
    for name in value:
        if name not in members:
            yield f"{path or 'answer'} has a member that the service does not have: {name}"
    for name in required:
        if value.get(name) is None:
            yield f"{path or 'answer'} lacks {name}"
    for name, item in value.items():
        if name in members:
            yield from check(members[name], item, f"{path}.{name}" if path else name)


def _timestamp(value, at, is_header):
    if is_header:
        try:
            datetime.datetime.strptime(value, "%a, %d %b %Y %H:%M:%S GMT")
        except ValueError:
            yield f"{at}: no date of HTTP: {value!r}"
    elif isinstance(value, datetime.datetime):
        return
    elif isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < MOST_SECONDS:
        yield f"{at}: no seconds since 1970: {value!r}"


def _scalar(shape, value, at):
    kinds = {
        "string": str, "character": str, "integer": int, "long": int, "float": (int, float), "double": (int, float), "boolean": bool, "blob": (str, bytes),
    }
    expected = kinds.get(shape.type_name)
    if expected is None:
        yield f"{at}: a type that is not known here: {shape.type_name}"
    elif not isinstance(value, expected) or (isinstance(value, bool) and shape.type_name != "boolean"):
        yield f"{at}: no {shape.type_name} but {value!r}"
    elif shape.type_name == "string":
        yield from _string(shape, value, at)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _sizes(shape, value, at)


def _string(shape, value, at):
    allowed = getattr(shape, "enum", [])
    if allowed and value not in allowed:
        yield f"{at}: {value!r} is none of {', '.join(allowed)}"
    yield from _sizes(shape, len(value), at)
    pattern = shape.metadata.get("pattern")
    if pattern and value != "":  # the empty text stands for none, at AWS too (KmsKeyId)
        try:
            matches = re.fullmatch(_of_java(pattern), value, re.DOTALL)
        except re.error:
            return  # a pattern that only Java knows
        if not matches:
            yield f"{at}: {value!r} does not match {pattern}"


def _of_java(pattern):
    for name, characters in (("L", "A-Za-z\\u00C0-\\uFFFF"), ("Z", "\\s"), ("N", "0-9"), ("Alnum", "A-Za-z0-9")):
        pattern = pattern.replace(f"\\p{{{name}}}", characters)
    return pattern


def _sizes(shape, size, at):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield f"{at}: {size} is less than {low}"
    if high is not None and size > high:
        yield f"{at}: {size} is more than {high}"


def _check_xml(members, element, path):
    known = {}
    for name, member in members.items():
        flat = member.type_name == "list" and member.serialization.get("flattened")
        own = member.serialization.get("name")
        known[own or (flat and member.member.serialization.get("name")) or name] = (name, member)
    for child in element:
        tag = child.tag.split("}")[-1]
        if tag not in known:
            yield f"{path or 'answer'} has an element that the service does not have: {tag}"
            continue
        name, member = known[tag]
        at = f"{path}.{name}" if path else name
        if member.type_name == "structure":
            yield from _check_xml(member.members, child, at)
        elif member.type_name == "list" and member.member.type_name == "structure":
            for item in [child] if member.serialization.get("flattened") else child:
                yield from _check_xml(member.member.members, item, at)
        elif member.type_name == "timestamp":
            try:
                datetime.datetime.fromisoformat((child.text or "").replace("Z", "+00:00"))
            except ValueError:
                yield f"{at}: no time: {child.text!r}"
        elif member.type_name in ("integer", "long"):
            if not re.fullmatch(r"-?\d+", child.text or ""):
                yield f"{at}: no number: {child.text!r}"
        elif member.type_name == "boolean":
            if child.text not in ("true", "false"):
                yield f"{at}: neither true nor false: {child.text!r}"
        elif member.type_name == "string" and getattr(member, "enum", []) and child.text not in member.enum:
            yield f"{at}: {child.text!r} is none of {', '.join(member.enum)}"


def _decode_cbor(body):
    parser = create_parser("smithy-rpc-v2-cbor")
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
