"""ministack, in front of the local SageMaker: with what it lacks for the examples, and nothing else.

1. It has no SageMaker: models, endpoint configurations and endpoints call the local SageMaker's API (resource_types.py).
2. S3 is the local S3 server, which the local SageMaker reads: templates and code are read there.
3. Its rollback and clean-up leave out events that a provider of custom resources gets from AWS (lifecycle.py).
4. Its ECR answers with an empty list for an image that it does not have; AWS's answers with an error, and only then is the image pushed.

Usage: python ministack_launcher.py, with GATEWAY_PORT, BIND_HOST, AWS_ENDPOINT_URL_SAGEMAKER and AWS_ENDPOINT_URL_S3.
"""

import lifecycle
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.ecr as ecr
import ministack.services.s3 as s3
from local_services import object_data
from ministack.app import main
from ministack.core.responses import error_response_json
from resource_types import resource_types

describe_images_there = ecr._describe_images


def describe_images(request):
    missing = [image for image in request.get("imageIds") or [] if not ecr._find_image(request["repositoryName"], image)]
    if missing:
        return error_response_json("ImageNotFoundException", f"The image with imageId {missing[0]} does not exist within the repository", 400)
    return describe_images_there(request)


if __name__ == "__main__":
    ecr._describe_images = describe_images
    provisioners._RESOURCE_HANDLERS.update(resource_types(provisioners._RESOURCE_HANDLERS))
    s3._get_object_data = object_data
    lifecycle.install()
    main()
