"""Calls of Alibaba's API through both generations of the vendor's own SDK."""
import asyncio
import importlib
import json
import logging
import re

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from alibabacloud_kms20160120 import models
from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions

from admin_client import root_credentials
from alibaba_client import REGION, STATUS

logging.getLogger("aliyunsdkcore").setLevel(logging.CRITICAL)


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


class SDKError(Exception):
    def __init__(self, code, status, message):
        super().__init__(f"{status} {code}: {message}")
        self.code, self.status, self.message = code, status, message


class SDK:
    """What both generations have in common: calls by the action's name with parameters by their wire names."""

    def refusal(self, action, /, **parameters):
        """The code of the exception that the SDK raises; its status is held to it."""
        try:
            answer = self(action, **parameters)
        except SDKError as error:
            # A name that the older SDK gives a wrong secret by itself.
            assert error.message and STATUS.get(error.code, 400) == error.status
            return error.code
        raise AssertionError(f"{action} was to be refused, but was answered {answer}")

    def outcome(self, action, /, **parameters):
        """`None` if the call is answered, else the code."""
        try:
            self(action, **parameters)
        except SDKError as error:
            return error.code

    def create(self, **more):
        return self("CreateKey", **more)["KeyMetadata"]["KeyId"]

    def metadata(self, key):
        return self("DescribeKey", KeyId=key)["KeyMetadata"]


class OlderSDK(SDK):
    """aliyun-python-sdk-kms: all parameters in the query, signed with HMAC-SHA1."""
    generation = "older"

    def __init__(self, server, credentials=None, region=REGION, method="POST", accept="JSON"):
        found = credentials or root_credentials(server)
        token = getattr(found, "token", None)
        signer = {"credential": StsTokenCredential(found.id, found.secret, token)} if token else {"ak": found.id, "secret": found.secret}
        self.client = AcsClient(region_id=region, auto_retry=False, timeout=60, connect_timeout=10, **signer)
        self.address, self.method, self.accept = f"127.0.0.1:{server.port}", method, accept

    def request(self, action, /, **parameters):
        module = importlib.import_module(f"aliyunsdkkms.request.v20160120.{action}Request")
        request = getattr(module, f"{action}Request")()
        for name, value in parameters.items():
            if value is not None:
                getattr(request, f"set_{name}")(json.dumps(value) if isinstance(value, (dict, list)) else value)
        request.set_protocol_type("http")
        request.set_endpoint(self.address)
        request.set_method(self.method)
        return request

    def __call__(self, action, /, **parameters):
        try:
            answer = json.loads(self.client.do_action_with_exception(self.request(action, **parameters)))
        except ServerException as error:
            assert error.get_request_id()
            raise SDKError(error.get_error_code(), error.get_http_status(), error.get_error_msg()) from error
        assert answer["RequestId"]
        return answer

    def xml(self, action, /, **parameters):
        """Status, headers and body of a call that asks for XML."""
        request = self.request(action, **parameters)
        request.set_accept_format("XML")
        return self.client._implementation_of_do_action(request)[:3]


class NewerSDK(SDK):
    """alibabacloud_kms20160120: values of secrets in the body, the others in the query, signed with ACS3-HMAC-SHA256."""
    generation = "newer"

    def __init__(self, server, credentials=None, region=REGION, signature=None):
        found = credentials or root_credentials(server)
        self.client = Client(Config(
            access_key_id=found.id, access_key_secret=found.secret, security_token=getattr(found, "token", None), region_id=region,
            endpoint=f"127.0.0.1:{server.port}", protocol="HTTP", signature_algorithm=signature, read_timeout=60_000, connect_timeout=10_000))

    @staticmethod
    def arguments(action, parameters):
        request_type = getattr(models, f"{action}Request", None)
        if request_type is None:
            assert not parameters, parameters
            return [RuntimeOptions()]
        # Only contexts are maps in the models; other structures are texts there.
        given = {snake(name): json.dumps(value) if isinstance(value, list) else value for name, value in parameters.items() if value is not None}
        return [request_type(**given), RuntimeOptions()]

    def __call__(self, action, /, **parameters):
        try:
            answer = getattr(self.client, f"{snake(action)}_with_options")(*self.arguments(action, parameters))
        except AlibabaCloudException as error:
            raise self.refused(error) from error
        return self.body(answer)

    async def later(self, action, /, **parameters):
        try:
            answer = await getattr(self.client, f"{snake(action)}_with_options_async")(*self.arguments(action, parameters))
        except AlibabaCloudException as error:
            raise self.refused(error) from error
        return self.body(answer)

    def together(self, *calls):
        """The answers to calls that are made at the same time; each is an action with its parameters."""
        async def run():
            return await asyncio.gather(*(self.later(action, **parameters) for action, parameters in calls))
        return asyncio.run(run())

    @staticmethod
    def refused(error):
        assert error.request_id
        return SDKError(error.code, error.status_code, error.message)

    @staticmethod
    def body(answer):
        found = answer.body.to_map()
        assert answer.status_code == 200 and found["RequestId"] == answer.headers["x-acs-request-id"]
        return found


GENERATIONS = {"older": OlderSDK, "newer": NewerSDK, "newer with V1 signatures": lambda server, *rest: NewerSDK(server, *rest, signature="v2")}
