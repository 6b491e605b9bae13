"""ministack, in front of the local SageMaker: with what it lacks for the examples, and nothing else.

1. It has no SageMaker: models, endpoint configurations and endpoints call the local SageMaker's API (resource_types.py).
2. S3 is the local S3 server, which the local SageMaker reads: templates and code are read there.
3. Its rollback and clean-up leave out events that a provider of custom resources gets from AWS (lifecycle.py).

Usage: python ministack_launcher.py, with GATEWAY_PORT, BIND_HOST, AWS_ENDPOINT_URL_SAGEMAKER and AWS_ENDPOINT_URL_S3.
"""

import lifecycle
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.s3 as s3
from local_services import object_data
from ministack.app import main
from resource_types import resource_types

if __name__ == "__main__":
    provisioners._RESOURCE_HANDLERS.update(resource_types(provisioners._RESOURCE_HANDLERS))
    s3._get_object_data = object_data
    lifecycle.install()
    main()
