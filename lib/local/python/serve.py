"""Serves a model the way AWS's framework images do: `model_fn`, `input_fn`, `predict_fn`, `output_fn` (or `transform_fn`)
of an inference script, behind GET /ping and POST /invocations on a loopback port of the system's choice.

usage: serve.py <module> <model directory>

The port is written as JSON to file descriptor 3 once the model is loaded. The process ends when standard input does: so
it does not outlive the one who started it.
"""

import importlib
import inspect
import io
import json
import os
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

JSON, CSV, NPY = "application/json", "text/csv", "application/x-npy"
# What the runtime API takes; a batch transform has a limit of its own, and keeps to it.
LARGEST_BODY = float("inf") if os.environ.get("SAGEMAKER_BATCH") else 25 * 1024 * 1024


class UnsupportedFormat(Exception):
    """A content type that nothing here reads or writes."""


def numpy():
    try:
        return importlib.import_module("numpy")
    except ImportError:
        return None


def default_model_fn(model_dir):
    raise NotImplementedError("Please provide a model_fn implementation in the inference script")


def default_input_fn(data, content_type):
    np = numpy()
    if content_type == JSON:
        rows = json.loads(data)
        if np is None:
            return rows
        array = np.array(rows)
    elif content_type == CSV:
        if np is None:
            return [[float(cell) for cell in line.split(",")] for line in data.splitlines() if line.strip()]
        array = np.genfromtxt(io.StringIO(data), delimiter=",")
    elif content_type == NPY and np is not None:
        # allow_pickle would let a client run code in this process.
        return np.load(io.BytesIO(data), allow_pickle=False)
    else:
        raise UnsupportedFormat("Content type %s is not supported by this framework; implement input_fn to read it" % content_type)
    if array.ndim == 1:
        array = array.reshape(1, -1)
    return array.astype(np.float32)


def default_predict_fn(data, model):
    return model.predict(data)


def default_output_fn(prediction, accept):
    np = numpy()
    if accept == JSON:
        return json.dumps(prediction, default=lambda value: value.tolist() if hasattr(value, "tolist") else str(value))
    if accept == CSV:
        if np is None:
            return "\n".join(",".join(map(str, row)) if isinstance(row, (list, tuple)) else str(row) for row in prediction) + "\n"
        text = io.StringIO()
        np.savetxt(text, prediction, delimiter=",", fmt="%s")
        return text.getvalue()
    if accept == NPY and np is not None:
        content = io.BytesIO()
        np.save(content, prediction)
        return content.getvalue()
    raise UnsupportedFormat("Accept type %s is not supported by this framework; implement output_fn to write it" % accept)


def called(function, *arguments):
    """Scripts may take one argument more, the request's context; there is none here."""
    takes = len(inspect.signature(function).parameters)
    return function(*arguments) if takes == len(arguments) else function(*arguments, None)


class Inference:
    def __init__(self, script, model_dir):
        given = {name: getattr(script, name) for name in ("input_fn", "predict_fn", "output_fn", "transform_fn") if hasattr(script, name)}
        if "transform_fn" in given and len(given) > 1:
            raise ValueError("transform_fn can't be used together with input_fn, predict_fn or output_fn")
        self.transform = given.get("transform_fn", self.steps)
        self.input_fn = given.get("input_fn", default_input_fn)
        self.predict_fn = given.get("predict_fn", default_predict_fn)
        self.output_fn = given.get("output_fn", default_output_fn)
        self.model = called(getattr(script, "model_fn", default_model_fn), model_dir)

    def steps(self, model, data, content_type, accept):
        return called(self.output_fn, called(self.predict_fn, called(self.input_fn, data, content_type), model), accept)

    def __call__(self, body, content_type, accept):
        media_type = (content_type or JSON).split(";")[0].strip().lower()
        data = body.decode("utf-8") if media_type in (JSON, CSV) else body
        result = called(self.transform, self.model, data, media_type, accept)
        content, answered = result if isinstance(result, tuple) else (result, accept)
        return content if isinstance(content, bytes) else str(content).encode("utf-8"), answered


def handler(inference):
    default_accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", JSON)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.answer(200 if self.path == "/ping" else 404, b"", "text/plain")

        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            if self.path != "/invocations" or length > LARGEST_BODY:
                self.close_connection = True
                self.answer(404 if length <= LARGEST_BODY else 413, b"", "text/plain")
                return
            accept = self.headers.get("Accept")
            accept = default_accept if accept in (None, "", "*/*") else accept
            try:
                content, content_type = inference(self.rfile.read(length), self.headers.get("Content-Type"), accept)
                self.answer(200, content, content_type)
            except UnsupportedFormat as error:
                self.answer(415, str(error).encode("utf-8"), "text/plain")
            except Exception as error:
                traceback.print_exc()
                # What the client sent can't be read, or the script says so: its fault, not the model's.
                status = 400 if isinstance(error, (ValueError, UnicodeDecodeError)) and raised_in(error, inference.input_fn) else 500
                self.answer(status, "".join(traceback.format_exception(type(error), error, error.__traceback__)[-2:]).encode("utf-8"), "text/plain")

        def answer(self, status, content, content_type):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format, *values):
            if self.path != "/ping":
                print("%s - %s" % (self.address_string(), format % values), flush=True)

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # Five, the default, are too few when many ask at once: the next ones would wait a second for their connection.
    request_queue_size = 128


def raised_in(error, function):
    code = getattr(function, "__code__", None)
    return any(frame.f_code is code for frame, _ in traceback.walk_tb(error.__traceback__))


def end_with_parent():
    # Not sys.stdin: its lock, held by a thread that waits, makes an interpreter that ends complain.
    while os.read(0, 1024):
        pass
    os._exit(0)


def main(module, model_dir):
    threading.Thread(target=end_with_parent, daemon=True).start()
    server = Server(("127.0.0.1", 0), handler(Inference(importlib.import_module(module), model_dir)))
    os.write(3, json.dumps({"port": server.server_port}).encode("ascii"))
    os.close(3)
    server.serve_forever()


if __name__ == "__main__":
    sys.path.pop(0)  # this folder is not the script's
    main(sys.argv[1], sys.argv[2])
