"""Calls of Huawei's API through the vendor's own SDK."""
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkkms import v2 as kms

from admin_client import root_credentials


def http_config():
    return HttpConfig(timeout=(10, 60))


class HuaweiSDK:
    """A client of the SDK, signed in with `credentials`. It finds its project by its region, or is told one."""

    def __init__(self, server, credentials=None, region="ae-ad-1", project=None):
        found = credentials or root_credentials(server)
        signer = BasicCredentials(found.id, found.secret, project)
        if getattr(found, "token", None):
            signer = signer.with_security_token(found.token)
        builder = kms.KmsClient.new_builder().with_http_config(http_config())
        if project is None:
            signer = signer.with_iam_endpoint(server.url)
            # The SDK remembers projects by access key and region for the life of the process.
            type(signer)._CACHE.clear()
            builder = builder.with_region(Region(region, server.url))
        else:
            builder = builder.with_endpoint(server.url)
        self.client = builder.with_credentials(signer).build()

    @property
    def project(self):
        return self.client.get_credentials().project_id

    def __call__(self, method, **fields):
        """Calls a method by its name; members of the body and parameters of the path are told apart by the request's model."""
        request_type = getattr(kms, "".join(word.capitalize() for word in method.split("_")) + "Request")
        types = request_type.openapi_types
        given = {name: fields.pop(name) for name in list(fields) if name in types}
        if "body" in types:
            given["body"] = getattr(kms, types["body"])(**fields)
        else:
            assert not fields, fields
        return getattr(self.client, method)(request_type(**given))

    def post(self, action, **members):
        """A POST through the SDK's own transport, for members that its models do not have; the object of the answer."""
        return self.client.do_http_request(method="POST", resource_path="/v1.0/{project_id}/kms/" + action, body=members,
                                           response_type="ListKeyDetailResponse").to_json_object()

    def refusal(self, method, **fields):
        """The code of the exception that the SDK raises."""
        try:
            answer = self(method, **fields)
        except ServiceResponseException as error:
            assert error.error_msg and error.request_id
            return error.error_code
        raise AssertionError(f"{method} was to be refused, but was answered {answer}")

    def outcome(self, method, **fields):
        """`None` if the call is answered, else the code."""
        try:
            self(method, **fields)
        except ServiceResponseException as error:
            return error.error_code
