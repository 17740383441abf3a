"""Calls through the vendor's own SDK."""
import json

from tencentcloud.common import credential
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.kms.v20190118 import kms_client, models

from client import VERSION, unique_alias

DENIED = "AuthFailure.UnauthorizedOperation"
SIGNATURES = ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"]


class SDK:
    """A client of the SDK, signed in with `credentials`. Actions that it has no model for go through its CommonClient."""

    def __init__(self, server, credentials, region="ap-guangzhou", sign=SIGNATURES[0], method="POST"):
        http = HttpProfile(protocol="http", endpoint=f"127.0.0.1:{server.port}", reqMethod=method, reqTimeout=60)
        profile = ClientProfile(signMethod=sign, httpProfile=http, language="en-US")
        signer = credential.Credential(credentials.id, credentials.secret, credentials.token)
        self.client = kms_client.KmsClient(signer, region, profile)
        self.common = CommonClient("kms", VERSION, signer, region, profile)

    def __call__(self, action, **parameters):
        request_type = getattr(models, f"{action}Request", None)
        if request_type is None:
            answer = self.common.call_json(action, parameters)["Response"]
            assert "Error" not in answer, answer
            return answer
        request = request_type()
        request.from_json_string(json.dumps(parameters))
        answer = getattr(self.client, action)(request)
        assert answer.RequestId
        return json.loads(answer.to_json_string())

    def refusal(self, action, **parameters):
        """The code of the exception that the SDK raises."""
        try:
            answer = self(action, **parameters)
        except TencentCloudSDKException as error:
            return error.code
        raise AssertionError(f"{action} was to be refused, but was answered {answer}")

    def outcome(self, action, **parameters):
        """`None` if the call is answered, else the code."""
        try:
            self(action, **parameters)
        except TencentCloudSDKException as error:
            return error.code

    def may(self, action, **parameters):
        """Whether the policies let the call through, whatever comes of it."""
        return self.outcome(action, **parameters) != DENIED

    def create(self, **more):
        return self("CreateKey", Alias=unique_alias(), **more)["KeyId"]
