"""Every API of Huawei's dialect through the vendor's own SDK."""
import base64
import hashlib
import os
import re
import time
import uuid

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.exceptions import InvalidSignature
from huaweicloudsdkcore.auth.credentials import BasicCredentials, Credentials, GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkiam import v3 as iam
from huaweicloudsdkkms import v2 as kms
from huaweicloudsdkkms.v2.region.kms_region import KmsRegion

import sm2
from admin_client import AdminClient, root_credentials
from client import unique_alias
from huawei_client import (DAY, DISABLED, ENABLED, KEY_ID, NOBODY, PENDING_DELETION, PENDING_IMPORT, HuaweiClient, encoded_dek, wrapped)
from huawei_sdk import HuaweiSDK, http_config
from material import WRAPPINGS

# A region of each edition, and the bytes of imported material there.
EDITIONS = {"ae-ad-1": 32, "cn-south-4": 16}
SEQUENCE = "919c82d4-8046-4722-9094-35c3c6524cff"


@pytest.fixture(scope="module")
def sdk(server):
    return HuaweiSDK(server)


@pytest.fixture(scope="module", params=EDITIONS)
def edition_sdk(server, request):
    return HuaweiSDK(server, region=request.param)


def create(sdk, **more):
    return sdk("create_key", key_alias=unique_alias("sdk"), **more).key_info.key_id


def describe(sdk, key):
    return sdk("list_key_detail", key_id=key).key_info


# ---------------------------------------------------------------- where clients find what they need

@pytest.mark.parametrize("region", ["ae-ad-1", "cn-south-1", "cn-east-3", "cn-north-4", "cn-south-4"])
def test_a_client_with_a_region_finds_its_project(server, region):
    sdk = HuaweiSDK(server, region=region)
    assert sdk.project == HuaweiClient(server, region).project
    key = create(sdk)
    assert describe(sdk, key).realm == sdk("list_keys", limit="1").key_details[0].realm
    assert sdk("show_user_instances").instance_num >= 1


def test_both_names_of_one_region_show_the_same_keys(server):
    first, other, elsewhere = (HuaweiSDK(server, region=region) for region in ("ae-ad-1", "cn-south-1", "cn-east-3"))
    key = create(first)
    assert describe(other, key).key_id == key
    assert elsewhere.refusal("list_key_detail", key_id=key) == "KMS.0205"
    # What is sealed in one place does not open in another.
    blob = first("encrypt_data", key_id=key, plain_text="x").cipher_text
    assert other("decrypt_data", cipher_text=blob).plain_text == "x"
    assert elsewhere.refusal("decrypt_data", cipher_text=blob) == "KMS.2201"


def test_the_public_regions_of_the_sdk_work_with_the_environment_alone(server, monkeypatch):
    monkeypatch.setenv("HUAWEICLOUD_SDK_IAM_ENDPOINT", server.url)
    monkeypatch.setenv("HUAWEICLOUD_SDK_REGION_KMS_CN_EAST_3", server.url)
    found = root_credentials(server)
    Credentials._CACHE.clear()
    region = KmsRegion.value_of("cn-east-3")
    assert region.endpoints == [server.url]
    client = (kms.KmsClient.new_builder().with_http_config(http_config()).with_region(region)
              .with_credentials(BasicCredentials(found.id, found.secret)).build())
    assert client.get_credentials().project_id == HuaweiClient(server, "cn-east-3").project
    assert client.list_keys(kms.ListKeysRequest(body=kms.ListKeysRequestBody())).total >= 1


def test_a_region_that_the_server_does_not_have_leaves_the_sdk_without_a_project(server):
    with pytest.raises(Exception, match="project"):
        HuaweiSDK(server, region="eu-west-101")


def test_a_client_without_a_project_asks_nothing_and_is_refused(server):
    found = root_credentials(server)
    client = (kms.KmsClient.new_builder().with_http_config(http_config()).with_endpoint(server.url)
              .with_credentials(BasicCredentials(found.id, found.secret)).build())
    with pytest.raises(ServiceResponseException) as refused:
        client.list_keys(kms.ListKeysRequest(body=kms.ListKeysRequestBody()))
    assert (refused.value.status_code, refused.value.error_code) == (403, "KMS.0306")


@pytest.mark.parametrize("region", ["ae-ad-1", "cn-south-1", "cn-east-3"])
def test_the_identity_sdk_finds_its_domain_and_lists_projects(server, region):
    found = root_credentials(server)
    Credentials._CACHE.clear()
    credentials = GlobalCredentials(found.id, found.secret).with_iam_endpoint(server.url)
    client = (iam.IamClient.new_builder().with_http_config(http_config()).with_region(Region(region, server.url))
              .with_credentials(credentials).build())
    with AdminClient(server) as admin:
        domain = admin.get("/account")["domainId"]
    listed = client.keystone_list_projects(iam.KeystoneListProjectsRequest(name=region)).projects
    assert [(project.name, project.domain_id) for project in listed] == [(region, domain)]
    assert listed[0].id == HuaweiClient(server, region).project
    assert client.get_credentials().domain_id == domain
    everything = client.keystone_list_projects(iam.KeystoneListProjectsRequest()).projects
    assert {"ae-ad-1", "cn-east-3", "cn-north-4", "cn-south-4"} <= {project.name for project in everything}
    mine = client.keystone_list_auth_projects(iam.KeystoneListAuthProjectsRequest()).projects
    assert {project.id for project in mine} == {project.id for project in everything}
    assert [entry.id for entry in client.keystone_list_auth_domains(iam.KeystoneListAuthDomainsRequest()).domains] == [domain]


def password_request(server, **scope):
    found = server.credentials
    user = iam.PwdPasswordUser(name=found["CLAVIGER_USER"], password=found["CLAVIGER_PASSWORD"],
                               domain=iam.PwdPasswordUserDomain(name=found["CLAVIGER_DOMAIN_NAME"]))
    return iam.KeystoneCreateUserTokenByPasswordRequest(body=iam.KeystoneCreateUserTokenByPasswordRequestBody(auth=iam.PwdAuth(
        identity=iam.PwdIdentity(methods=["password"], password=iam.PwdPassword(user=user)), scope=iam.AuthScope(**scope))))


def test_the_identity_sdk_gets_tokens_whatever_it_signs_with(server):
    client = (iam.IamClient.new_builder().with_http_config(http_config()).with_endpoint(server.url)
              .with_credentials(GlobalCredentials("NOSUCHKEY", "no such secret", "0" * 32)).build())
    for region in ("ae-ad-1", "cn-south-1", "cn-east-3"):
        answer = client.keystone_create_user_token_by_password(
            password_request(server, project=iam.AuthScopeProject(name=region)))
        assert answer.status_code == 201 and answer.token.project.name == region
        calls = HuaweiClient(server, region, token=answer.x_subject_token, project=answer.token.project.id)
        assert calls("list-keys")["total"] >= 1
        calls.close()


# ---------------------------------------------------------------- the 27 APIs

def test_life_of_a_key(edition_sdk):
    sdk, alias = edition_sdk, unique_alias("sdk:life/")
    before = int(time.time() * 1000)
    made = sdk("create_key", key_alias=alias, key_description="grüße", origin="kms", sequence=SEQUENCE).key_info
    assert KEY_ID.fullmatch(made.key_id) and made.domain_id
    info = describe(sdk, made.key_id)
    assert (info.key_alias, info.key_description, info.key_state, info.origin) == (alias, "grüße", ENABLED, "kms")
    assert (info.default_key_flag, info.key_type, info.scheduled_deletion_date) == ("0", "1", "")
    assert (info.sys_enterprise_project_id, info.domain_id) == ("0", made.domain_id)
    assert re.fullmatch("[0-9]{13}", info.creation_date) and abs(int(info.creation_date) - before) < 60_000
    assert not info.expiration_time

    key = made.key_id
    assert sdk("disable_key", key_id=key).key_info.to_dict() == {"key_id": key, "key_state": DISABLED}
    assert sdk.refusal("disable_key", key_id=key) == "KMS.1301"
    assert sdk("enable_key", key_id=key).key_info.to_dict() == {"key_id": key, "key_state": ENABLED}
    assert sdk.refusal("enable_key", key_id=key) == "KMS.1201"
    other = unique_alias("sdk")
    assert sdk("update_key_alias", key_id=key, key_alias=other).key_info.to_dict() == {"key_id": key, "key_alias": other}
    # Its own alias is no duplicate.
    assert sdk("update_key_alias", key_id=key, key_alias=other).key_info.key_alias == other
    assert sdk("update_key_description", key_id=key, key_description="").key_info.to_dict() == {"key_id": key, "key_description": ""}
    assert (describe(sdk, key).key_alias, describe(sdk, key).key_description) == (other, "")
    assert sdk("delete_key", key_id=key, pending_days="7").to_json_object() == {"key_id": key, "key_state": PENDING_DELETION}
    planned = int(describe(sdk, key).scheduled_deletion_date)
    assert abs(planned / 1000 - time.time() - 7 * DAY) < 120
    assert sdk.refusal("delete_key", key_id=key, pending_days="8") == "KMS.1402"
    assert int(describe(sdk, key).scheduled_deletion_date) == planned
    assert sdk.refusal("update_key_alias", key_id=key, key_alias=alias) == "KMS.0210"
    assert sdk.refusal("update_key_description", key_id=key, key_description="x") == "KMS.0210"
    # An alias stays taken while the deletion is pending.
    assert sdk.refusal("create_key", key_alias=other) == "KMS.1104"
    assert sdk("cancel_key_deletion", key_id=key).to_json_object() == {"key_id": key, "key_state": DISABLED}
    assert sdk.refusal("cancel_key_deletion", key_id=key) == "KMS.1501"
    assert describe(sdk, key).scheduled_deletion_date == ""


def test_key_info_is_an_object_on_the_wire(sdk):
    key = sdk.post("create-key", key_alias=unique_alias("sdk"))["key_info"]["key_id"]
    for action, members in (("describe-key", {}), ("disable-key", {}), ("enable-key", {}), ("update-key-alias", {"key_alias": unique_alias("sdk")}),
                            ("update-key-description", {"key_description": "x"})):
        assert sdk.post(action, key_id=key, **members)["key_info"]["key_id"] == key
    assert all(type(value) is str for value in sdk.post("describe-key", key_id=key)["key_info"].values())


def test_list_keys_pages_newest_first(server):
    # A region of its own, where nothing else happens.
    sdk = HuaweiSDK(server, region="cn-north-4")
    made = [create(sdk) for _ in range(7)]
    sdk("disable_key", key_id=made[2])
    everything = sdk("list_keys")
    assert everything.keys[:7] == made[::-1] and everything.truncated == "false" and everything.next_marker == ""
    assert [entry.key_id for entry in everything.key_details] == everything.keys and everything.total == len(everything.keys)
    pages, marker = [], None
    while marker != "":
        page = sdk("list_keys", limit="3", **({"marker": marker} if marker else {}))
        assert page.total == everything.total and page.truncated == ("true" if page.next_marker else "false")
        pages += page.keys
        marker = page.next_marker
    assert pages == everything.keys
    assert sdk("list_keys", key_state=DISABLED).keys == [made[2]]
    assert sdk("list_keys", key_state="1").keys == []
    past = sdk("list_keys", marker="1000")
    assert (past.keys, past.key_details, past.next_marker, past.truncated, past.total) == ([], [], "", "false", everything.total)
    # The default key is the oldest one.
    assert [entry.key_alias for entry in everything.key_details if entry.default_key_flag == "1"] == ["kms/default"]
    assert everything.key_details[-1].default_key_flag == "1"


def test_enterprise_projects_are_kept_and_filtered(sdk):
    project = str(uuid.uuid4())
    inside, outside = create(sdk, enterprise_project_id=project), create(sdk)
    assert describe(sdk, inside).sys_enterprise_project_id == project and describe(sdk, outside).sys_enterprise_project_id == "0"
    assert sdk("list_keys", enterprise_project_id=project).keys == [inside]
    default = sdk("list_keys", enterprise_project_id="0").keys
    assert outside in default and inside not in default
    assert {inside, outside} <= set(sdk("list_keys", enterprise_project_id="all").keys)


@pytest.mark.parametrize("bits", ["8", "16", "512", "8192"])
def test_random(edition_sdk, bits):
    first, second = (edition_sdk("create_random", random_data_length=bits).random_data for _ in range(2))
    assert re.fullmatch(f"[0-9A-F]{{{int(bits) // 4}}}", first) and (first != second or bits in ("8", "16"))


@pytest.mark.parametrize("wish, size", [({}, 32), ({"datakey_length": "8"}, 1), ({"datakey_length": "512"}, 64), ({"datakey_length": "8192"}, 1024),
                                        ({"key_spec": "AES_256"}, 32), ({"key_spec": "AES_128"}, 16),
                                        ({"key_spec": "AES_128", "datakey_length": "256"}, 32)])
def test_data_keys(edition_sdk, wish, size):
    sdk = edition_sdk
    key = create(sdk)
    made = sdk("create_datakey", key_id=key, **wish)
    dek = bytes.fromhex(made.plain_text)
    assert made.key_id == key and len(dek) == size and re.fullmatch("([0-9A-F]{2})+", made.plain_text + made.cipher_text)
    opened = sdk("decrypt_datakey", key_id=key, cipher_text=made.cipher_text, datakey_cipher_length=str(size)).to_json_object()
    digest = hashlib.sha256(dek).hexdigest()
    assert bytes.fromhex(opened["data_key"]) == dek and opened["datakey_length"] == str(size)
    assert opened["datakey_dgst"].lower() == opened["datakey_digest"].lower() == digest
    blind = sdk("create_datakey_without_plaintext", key_id=key, **wish).to_json_object()
    assert set(blind) == {"key_id", "cipher_text"}
    opened = sdk("decrypt_datakey", key_id=key, cipher_text=blind["cipher_text"].lower(), datakey_cipher_length=str(size))
    assert len(bytes.fromhex(opened.data_key)) == size and bytes.fromhex(opened.data_key) != dek


@pytest.mark.parametrize("size", [1, 16, 64, 1023, 1024])
def test_a_data_key_of_ones_own(edition_sdk, size):
    sdk, dek = edition_sdk, os.urandom(size)
    key, other = create(sdk), create(sdk)
    for text in (encoded_dek(dek), encoded_dek(dek).lower()):
        sealed = sdk("encrypt_datakey", key_id=key, plain_text=text, datakey_plain_length=str(size))
        assert (sealed.key_id, sealed.datakey_length) == (key, str(size))
        opened = sdk("decrypt_datakey", key_id=key, cipher_text=sealed.cipher_text, datakey_cipher_length=str(size))
        assert bytes.fromhex(opened.data_key) == dek
    assert sdk.refusal("decrypt_datakey", key_id=other, cipher_text=sealed.cipher_text, datakey_cipher_length=str(size)) == "KMS.2201"
    wrong = "64" if size != 64 else "63"
    assert sdk.refusal("decrypt_datakey", key_id=key, cipher_text=sealed.cipher_text, datakey_cipher_length=wrong) == "KMS.2202"


def test_the_sample_of_the_reference_is_right():
    dek = bytes.fromhex("7549d9aea901767bf3c0b3e14b10722eaf6f59053bbd82045d04e075e809a0fe6ccab48f8e5efe74e4b18ff0512525e5"
                        "27b10331100f357bf42125d8d5ced94f")
    assert encoded_dek(dek).lower().endswith("fbc8ac72b0785ca7fe33eb6776ce3990b11e32b299d9c0a9ee0305fb9540f797")


@pytest.mark.parametrize("text", ["x", "grüße, 世界 \U0001f511", "line\nbreak\r\n\ttab", "\x00", "é" * 2048, "a" * 4096])
def test_small_data(edition_sdk, text):
    sdk = edition_sdk
    key = create(sdk)
    sealed = sdk("encrypt_data", key_id=key, plain_text=text, encryption_algorithm="SYMMETRIC_DEFAULT")
    assert sealed.key_id == key and 188 <= len(sealed.cipher_text) <= 5648
    size = len(base64.b64decode(sealed.cipher_text, validate=True)) - len(text.encode())
    assert 138 <= size <= 140
    opened = sdk("decrypt_data", cipher_text=sealed.cipher_text, key_id=key, encryption_algorithm="SYMMETRIC_DEFAULT")
    assert (opened.key_id, opened.plain_text) == (key, text)
    assert sdk("decrypt_data", cipher_text=sealed.cipher_text).plain_text == text
    assert sdk.refusal("decrypt_data", cipher_text=sealed.cipher_text, key_id=create(sdk)) in ("KMS.2201", "KMS.0308")
    assert sdk.refusal("encrypt_data", key_id=key, plain_text="a" * 4097) == "KMS.2101"


def test_additional_authenticated_data(edition_sdk):
    sdk = edition_sdk
    key = create(sdk)
    blob = sdk("encrypt_data", key_id=key, plain_text="x", additional_authenticated_data="tenant 7").cipher_text
    assert sdk("decrypt_data", cipher_text=blob, additional_authenticated_data="tenant 7").plain_text == "x"
    for other in ({}, {"additional_authenticated_data": "tenant 8"}):
        assert sdk.refusal("decrypt_data", cipher_text=blob, **other) == "KMS.2201"
    dek = os.urandom(32)
    made = [sdk("create_datakey", key_id=key, additional_authenticated_data="a").cipher_text,
            sdk("create_datakey_without_plaintext", key_id=key, additional_authenticated_data="a").cipher_text,
            sdk("encrypt_datakey", key_id=key, plain_text=encoded_dek(dek), datakey_plain_length="32",
                additional_authenticated_data="a").cipher_text]
    for blob in made:
        opening = {"key_id": key, "cipher_text": blob, "datakey_cipher_length": "32"}
        assert sdk("decrypt_datakey", **opening, additional_authenticated_data="a").datakey_length == "32"
        assert sdk.refusal("decrypt_datakey", **opening) == "KMS.2201"
        assert sdk.refusal("decrypt_datakey", **opening, additional_authenticated_data="A") == "KMS.2201"


def test_a_context_is_no_additional_data(edition_sdk):
    sdk = edition_sdk
    key = create(sdk)
    context, text = {"a": "b"}, '{"a":"b"}'
    with_context = sdk.post("encrypt-data", key_id=key, plain_text="x", encryption_context=context)["cipher_text"]
    with_data = sdk.post("encrypt-data", key_id=key, plain_text="x", additional_authenticated_data=text)["cipher_text"]
    both = sdk.post("encrypt-data", key_id=key, plain_text="x", encryption_context=context, additional_authenticated_data=text)["cipher_text"]
    members = {"context": {"encryption_context": context}, "data": {"additional_authenticated_data": text},
               "both": {"encryption_context": context, "additional_authenticated_data": text}, "none": {}}
    for sealed, blob in (("context", with_context), ("data", with_data), ("both", both)):
        for name, given in members.items():
            if name == sealed:
                assert sdk.post("decrypt-data", cipher_text=blob, **given)["plain_text"] == "x"
            else:
                with pytest.raises(ServiceResponseException) as refused:
                    sdk.post("decrypt-data", cipher_text=blob, **given)
                assert refused.value.error_code == "KMS.2201"


@pytest.mark.parametrize("algorithm", WRAPPINGS)
@pytest.mark.parametrize("region", EDITIONS)
def test_imported_material(server, region, algorithm):
    sdk, size = HuaweiSDK(server, region=region), EDITIONS[region]
    material = os.urandom(size)
    key = create(sdk, origin="external")
    assert (describe(sdk, key).key_state, describe(sdk, key).origin) == (PENDING_IMPORT, "external")
    assert sdk.refusal("encrypt_data", key_id=key, plain_text="x") == "KMS.1301"

    def bring(material, key=key, **more):
        found = sdk("create_parameters_for_import", key_id=key, wrapping_algorithm=algorithm).to_json_object()
        assert re.fullmatch("[0-9a-zA-Z+/=]{200,6144}", found["import_token"]) and found["key_id"] == key
        assert type(found["expiration_time"]) is int and abs(found["expiration_time"] - time.time() - DAY) < 120
        return {"import_token": found["import_token"], "encrypted_key_material": wrapped(found, material, algorithm), "key_id": key, **more}

    first, second = bring(material), bring(material)
    assert first["import_token"] != second["import_token"] and len(first["encrypted_key_material"]) == 344
    # PKCS #1 v1.5 tells neither whether the padding or the length was wrong.
    wrong_size = ("KMS.2604", "KMS.0311") if algorithm == "RSAES_PKCS1_V1_5" else ("KMS.2604",)
    assert sdk.refusal("import_key_material", **bring(os.urandom(size + 1))) in wrong_size
    assert sdk.refusal("import_key_material", **bring(os.urandom(48 - size))) in wrong_size
    # A token counts for 24 hours, whatever was asked for since.
    assert sdk("import_key_material", **first).to_json_object() == {}
    assert describe(sdk, key).key_state == ENABLED
    blob = sdk("encrypt_data", key_id=key, plain_text="own").cipher_text
    assert sdk.refusal("import_key_material", **second) == "KMS.0310"
    assert sdk.refusal("create_parameters_for_import", key_id=key, wrapping_algorithm=algorithm) == "KMS.0310"
    assert sdk("delete_imported_key_material", key_id=key).to_json_object() == {}
    assert sdk.refusal("delete_imported_key_material", key_id=key) == "KMS.2701"
    assert sdk.refusal("decrypt_data", cipher_text=blob) == "KMS.1301"
    assert sdk.refusal("import_key_material", **bring(os.urandom(size))) == "KMS.2606"
    ends = int(time.time()) + 90 * DAY
    assert sdk("import_key_material", **bring(material, expiration_time=ends)).to_json_object() == {}
    assert describe(sdk, key).expiration_time == str(ends * 1000)
    assert sdk("decrypt_data", cipher_text=blob).plain_text == "own"
    # Without material, a cancelled deletion leads back to waiting for it.
    sdk("delete_imported_key_material", key_id=key)
    sdk("delete_key", key_id=key, pending_days="7")
    assert sdk("cancel_key_deletion", key_id=key).key_state == PENDING_IMPORT
    sdk("import_key_material", **bring(material))
    sdk("disable_key", key_id=key)
    sdk("delete_imported_key_material", key_id=key)
    assert describe(sdk, key).key_state == PENDING_IMPORT


@pytest.mark.parametrize("region", EDITIONS)
def test_equal_material_does_not_open_what_another_key_sealed(server, region):
    with HuaweiClient(server, region) as client:
        material = os.urandom(EDITIONS[region])
        one, other = client.create(origin="external"), client.create(origin="external")
        for key in (one, other):
            client.bring(key, material)
        made = client("create-datakey", key_id=one)
        opening = {"cipher_text": made["cipher_text"], "datakey_cipher_length": 32}
        assert client.refusal("decrypt-datakey", key_id=other, **opening) == "KMS.2201"
        assert client("decrypt-datakey", key_id=one, **opening)["data_key"] == made["plain_text"]


def test_tags(edition_sdk):
    sdk = edition_sdk
    key, prefix = create(sdk), unique_alias("n")[-10:]
    names = {f"{prefix}a/b": "1", f"{prefix} 键&?#%": "值"}
    for name, value in names.items():
        assert sdk("create_kms_tag", key_id=key, tag=kms.TagItem(key=name, value=value)).status_code == 204
    shown = sdk("show_kms_tags", key_id=key)
    assert {tag.key: tag.value for tag in shown.tags} == names and shown.exist_tags_num == 2
    # An existing name gets the new value and counts once.
    sdk("create_kms_tag", key_id=key, tag=kms.TagItem(key=f"{prefix}a/b", value="2"))
    names[f"{prefix}a/b"] = "2"
    more = {f"{prefix}-{index}": "" for index in range(8)}
    assert sdk("batch_create_kms_tags", key_id=key, action="create", tags=[kms.TagItem(key=name, value="") for name in more]).status_code == 204
    assert {tag.key: tag.value for tag in sdk("show_kms_tags", key_id=key).tags} == names | more
    assert sdk.refusal("create_kms_tag", key_id=key, tag=kms.TagItem(key=f"{prefix}!", value="")) == "KMS.0409"
    assert sdk("create_kms_tag", key_id=key, tag=kms.TagItem(key=f"{prefix}-0", value="full, but known")).status_code == 204
    listed = {tag.key: tag.values for tag in sdk("list_kms_tags").tags}
    assert listed[f"{prefix}a/b"] == ["2"] and listed[f"{prefix}-1"] == [""]
    for name in [*names, f"{prefix}-0"]:
        assert sdk("delete_tag", key_id=key, key=name).status_code == 204
    assert sdk.outcome("delete_tag", key_id=key, key=f"{prefix}a/b") in (None, "KMS.0406")
    assert sdk("batch_create_kms_tags", key_id=key, action="delete", tags=[kms.TagItem(key=name) for name in [*more, "none"]]).status_code == 204
    assert sdk("show_kms_tags", key_id=key).to_json_object() == {"tags": [], "existTagsNum": 0}
    assert not [tag.key for tag in sdk("list_kms_tags").tags if tag.key.startswith(prefix)]


def test_search_by_tags_and_aliases(edition_sdk):
    sdk, name = edition_sdk, unique_alias("t")
    keys = [create(sdk) for _ in range(5)]
    for index, key in enumerate(keys):
        sdk("batch_create_kms_tags", key_id=key, action="create",
            tags=[kms.TagItem(key=name, value=str(index % 3)), kms.TagItem(key=name + "-all", value="")])

    def search(action="filter", **more):
        return sdk("list_kms_by_tags", resource_instances="resource_instances", action=action, **more)

    def tag(key, *values):
        return kms.Tag(key=key, values=list(values))

    def ids(**more):
        return {resource.resource_id for resource in search(**more).resources}

    assert ids(tags=[tag(name, "0")]) == {keys[0], keys[3]}
    assert ids(tags=[tag(name, "0", "1")]) == {keys[0], keys[1], keys[3], keys[4]}
    assert ids(tags=[tag(name, "2"), tag(name + "-all", "")]) == {keys[2]}
    assert ids(tags=[tag(name, "2"), tag(name + "-all", "x")]) == set()
    alias = describe(sdk, keys[1]).key_alias
    found = search(matches=[kms.TagItem(key="resource_name", value=alias)])
    assert [resource.resource_id for resource in found.resources] == [keys[1]] and found.total_count == 1
    assert ids(matches=[kms.TagItem(key="resource_name", value=alias[:-1])]) == set()
    assert ids(matches=[kms.TagItem(key="resource_name", value=alias.upper())]) == set()
    assert ids(matches=[kms.TagItem(key="resource_name", value=alias)], tags=[tag(name, "0")]) == set()
    assert ids(matches=[kms.TagItem(key="resource_name", value=alias)], tags=[tag(name, "1")]) == {keys[1]}
    resource = found.resources[0]
    assert resource.resource_name == alias
    assert {entry.key: entry.value for entry in resource.tags} == {name: "1", name + "-all": ""}
    assert resource.resource_detail.to_dict() == describe(sdk, keys[1]).to_dict()
    counted = search("count", tags=[tag(name + "-all", "")], limit="1", offset="4").to_json_object()
    assert counted == {"total_count": 5}
    pages = [search(tags=[tag(name + "-all", "")], limit="2", offset=str(offset)) for offset in (0, 2, 4, 6)]
    assert [len(page.resources) for page in pages] == [2, 2, 1, 0] and {page.total_count for page in pages} == {5}
    assert {resource.resource_id for page in pages for resource in page.resources} == set(keys)
    # Keys in every state are found.
    sdk("delete_key", key_id=keys[0], pending_days="7")
    assert ids(tags=[tag(name, "0")]) == {keys[0], keys[3]}


def test_counters(launch):
    sdk = HuaweiSDK(launch())
    assert sdk("show_user_instances").instance_num == 0
    keys = [create(sdk), create(sdk, origin="external"), create(sdk)]
    sdk("delete_key", key_id=keys[0], pending_days="7")
    assert sdk("show_user_instances").to_json_object() == {"instance_num": 3}
    quotas = {entry["type"]: entry for entry in sdk("show_user_quotas").to_json_object()["quotas"]["resources"]}
    assert quotas == {"CMK": {"type": "CMK", "used": 3, "quota": 10000}, "grant_per_CMK": {"type": "grant_per_CMK", "used": 0, "quota": 100}}
    assert sdk("list_keys").total == 4


def test_the_default_key_works_and_stays_as_it_is(edition_sdk):
    sdk = edition_sdk
    key, = [entry.key_id for entry in sdk("list_keys").key_details if entry.default_key_flag == "1"]
    assert describe(sdk, key).key_alias == "kms/default"
    assert sdk("decrypt_data", cipher_text=sdk("encrypt_data", key_id=key, plain_text="x").cipher_text).plain_text == "x"
    changes = {"disable_key": {}, "delete_key": {"pending_days": "7"}, "update_key_alias": {"key_alias": unique_alias("sdk")},
               "update_key_description": {"key_description": "x"}, "create_parameters_for_import": {"wrapping_algorithm": "RSAES_OAEP_SHA_1"},
               "import_key_material": {"import_token": "x" * 200, "encrypted_key_material": "x" * 344}, "delete_imported_key_material": {}}
    for method, more in changes.items():
        assert sdk.refusal(method, key_id=key, **more) == "KMS.0211", method
    assert sdk("create_kms_tag", key_id=key, tag=kms.TagItem(key="k", value="v")).status_code == 204
    assert sdk("delete_tag", key_id=key, key="k").status_code == 204
    assert sdk.refusal("create_key", key_alias="kms/default") == "KMS.1101"


# ---------------------------------------------------------------- beyond the 27

def test_rotation(edition_sdk):
    sdk = edition_sdk
    key = create(sdk)
    status = sdk("show_key_rotation_status", key_id=key).to_json_object()
    assert status["key_rotation_enabled"] is False and status["number_of_rotations"] == 0
    assert sdk.refusal("update_key_rotation_interval", key_id=key, rotation_interval=90) == "KMS.0313"
    blob = sdk("encrypt_data", key_id=key, plain_text="old").cipher_text
    sdk("enable_key_rotation", key_id=key)
    status = sdk("show_key_rotation_status", key_id=key)
    assert (status.key_rotation_enabled, status.rotation_interval) == (True, 365)
    sdk("update_key_rotation_interval", key_id=key, rotation_interval=90)
    assert sdk("show_key_rotation_status", key_id=key).rotation_interval == 90
    for days in (29, 366, 0):
        assert sdk.refusal("update_key_rotation_interval", key_id=key, rotation_interval=days) == "KMS.0308"
    assert describe(sdk, key).key_rotation_enabled == "true"
    assert sdk("rotate_on_demand", key_id=key).key_id == key
    status = sdk("show_key_rotation_status", key_id=key)
    assert status.number_of_rotations == 1 and status.last_rotation_time
    newer = sdk("encrypt_data", key_id=key, plain_text="new").cipher_text
    assert [sdk("decrypt_data", cipher_text=text).plain_text for text in (blob, newer)] == ["old", "new"]
    sdk("disable_key_rotation", key_id=key)
    assert sdk("show_key_rotation_status", key_id=key).key_rotation_enabled is False
    assert describe(sdk, key).key_rotation_enabled == "false"
    external = create(sdk, origin="external")
    for method in ("enable_key_rotation", "rotate_on_demand"):
        assert sdk.refusal(method, key_id=external) == "KMS.0312"
        assert sdk.refusal(method, key_id=NOBODY) == "KMS.0205"


def test_grants(server, sdk):
    with AdminClient(server) as admin:
        user = admin.user()
        domain = admin.get("/account")["domainId"]
    key = create(sdk)
    given = {"key_id": key, "grantee_principal": domain, "grantee_principal_type": "domain", "operations": ["encrypt-data", "describe-key"],
             "name": "everybody"}
    grant = sdk("create_grant", **given).grant_id
    assert re.fullmatch("[0-9a-f]{64}", grant)
    listed = sdk("list_grants", key_id=key)
    found, = listed.grants
    assert (listed.total, listed.truncated, listed.next_marker) == (1, "false", "")
    assert {name: getattr(found, name) for name in given} == given and found.grant_id == grant
    assert found.issuing_principal and abs(int(found.creation_date) / 1000 - time.time()) < 120
    limited = HuaweiSDK(server, user.credentials, project=sdk.project)
    assert limited("encrypt_data", key_id=key, plain_text="x").key_id == key
    assert limited.refusal("create_datakey", key_id=key) in ("KMS.0306", "KMS.0307")
    sdk("cancel_grant", key_id=key, grant_id=grant)
    assert sdk("list_grants", key_id=key).grants == []
    assert limited.refusal("encrypt_data", key_id=key, plain_text="x") in ("KMS.0306", "KMS.0307")
    assert sdk.refusal("cancel_grant", key_id=key, grant_id=grant) == "KMS.0308"
    assert sdk("list_retirable_grants").total == 0
    for change in ({"operations": []}, {"operations": ["fly"]}, {"operations": ["encrypt-data"] * 2}, {"grantee_principal_type": "robot"},
                   {"grantee_principal": "nobody"}, {"grantee_principal": "0" * 32, "grantee_principal_type": "user"}):
        assert sdk.refusal("create_grant", **{**given, **change}) == "KMS.0308", change
    for missing in ("key_id", "grantee_principal", "operations"):
        with pytest.raises(ServiceResponseException) as refused:
            sdk.post("create-grant", **{name: value for name, value in given.items() if name != missing})
        assert refused.value.error_code == "KMS.0204"


def test_grants_are_listed_in_pages(server, sdk):
    with AdminClient(server) as admin:
        domain = admin.get("/account")["domainId"]
    key = create(sdk)
    made = [sdk("create_grant", key_id=key, grantee_principal=domain, grantee_principal_type="domain", operations=["describe-key"],
                name=f"g{index}").grant_id for index in range(100)]
    with pytest.raises(ServiceResponseException):
        sdk("create_grant", key_id=key, grantee_principal=domain, grantee_principal_type="domain", operations=["describe-key"])
    found, marker = [], None
    while marker != "":
        page = sdk("list_grants", key_id=key, limit="30", **({"marker": marker} if marker else {}))
        assert page.total == 100 and page.truncated == ("true" if page.next_marker else "false")
        found += [grant.grant_id for grant in page.grants]
        marker = page.next_marker
    assert sorted(found) == sorted(made) and len(set(found)) == 100


HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
SIGNATURES = [
    *((f"RSA_{size}", f"RSASSA_{scheme}_SHA_{bits}") for size in (2048, 3072, 4096) for scheme in ("PSS", "PKCS1_V1_5") for bits in ("256", "384",
                                                                                                                                     "512")),
    ("EC_P256", "ECDSA_SHA_256"), ("SECP256K1", "ECDSA_SHA_256"), ("EC_P384", "ECDSA_SHA_384"), ("SM2", "SM2DSA_SM3"),
]


def public_key_of(sdk, key):
    """The key's public half: PEM, as the vendor's documents show it."""
    answer = sdk("show_public_key", key_id=key)
    assert answer.key_id == key
    return answer.public_key.encode()


def verify_outside(public_key, algorithm, message, signature):
    """Whether a signature is good by other software than the server's."""
    if algorithm == "SM2DSA_SM3":
        der = base64.b64decode("".join(public_key.decode().strip().split("\n")[1:-1]))
        point = sm2.point_of(der)
        return sm2.verifies(point, sm2.digest(point, message), *utils.decode_dss_signature(signature))
    public, chosen = serialization.load_pem_public_key(public_key), HASHES[algorithm[-3:]]
    try:
        if algorithm.startswith("ECDSA"):
            public.verify(signature, message, ec.ECDSA(chosen))
        elif "PSS" in algorithm:
            public.verify(signature, message, padding.PSS(padding.MGF1(chosen), chosen.digest_size), chosen)
        else:
            public.verify(signature, message, padding.PKCS1v15(), chosen)
    except InvalidSignature:
        return False
    return True


@pytest.fixture(scope="module")
def signing_keys(sdk):
    """A key of each kind, made when it is first asked for."""
    made = {}
    return lambda spec: made.get(spec) or made.setdefault(spec, create(sdk, key_spec=spec, key_usage="SIGN_VERIFY"))


@pytest.mark.parametrize("spec, algorithm", SIGNATURES)
def test_signatures(sdk, signing_keys, spec, algorithm):
    key, message = signing_keys(spec), b"I agree"
    assert describe(sdk, key).key_spec == spec and describe(sdk, key).key_usage == "SIGN_VERIFY"
    public_key = public_key_of(sdk, key)
    if algorithm == "SM2DSA_SM3":
        der = base64.b64decode("".join(public_key.decode().strip().split("\n")[1:-1]))
        digest = sm2.digest(sm2.point_of(der), message)
    else:
        digest = hashlib.new(f"sha{algorithm[-3:]}", message).digest()
    request = {"key_id": key, "signing_algorithm": algorithm}
    raw = {**request, "message": base64.b64encode(message).decode(), "message_type": "RAW"}
    digested = {**request, "message": base64.b64encode(digest).decode(), "message_type": "DIGEST"}
    for asked in (raw, digested, {name: value for name, value in digested.items() if name != "message_type"}):
        signed = sdk("sign", **asked)
        assert signed.key_id == key and verify_outside(public_key, algorithm, message, base64.b64decode(signed.signature))
        assert not verify_outside(public_key, algorithm, b"I disagree", base64.b64decode(signed.signature))
        for verified in (raw, digested):
            answer = sdk("validate_signature", **verified, signature=signed.signature).to_json_object()
            assert answer == {"key_id": key, "signature_valid": "true"}
        other = {**raw, "message": base64.b64encode(b"I disagree").decode()}
        assert sdk("validate_signature", **other, signature=signed.signature).signature_valid == "false"


def test_what_does_not_fit_a_key_is_refused(sdk, signing_keys):
    symmetric, rsa, curve = create(sdk), signing_keys("RSA_2048"), signing_keys("EC_P256")
    request = {"message": "YQ==", "message_type": "RAW"}
    assert sdk.refusal("sign", key_id=symmetric, signing_algorithm="ECDSA_SHA_256", **request) == "KMS.0308"
    assert sdk.refusal("sign", key_id=rsa, signing_algorithm="ECDSA_SHA_256", **request) == "KMS.0308"
    for other in ("ECDSA_SHA_384", "SM2DSA_SM3"):
        assert sdk.refusal("sign", key_id=curve, signing_algorithm=other, **request) == "KMS.0308"
    for missing in ("ED25519_SHA_512", "RSASSA_PSS_SHA_1", "MD5", ""):
        assert sdk.refusal("sign", key_id=rsa, signing_algorithm=missing, **request) == "KMS.0308"
    assert sdk.refusal("sign", key_id=curve, signing_algorithm="ECDSA_SHA_256", message="YQ==", message_type="DIGEST") == "KMS.0308"
    assert sdk.refusal("sign", key_id=curve, signing_algorithm="ECDSA_SHA_256", message="?") == "KMS.0308"
    assert sdk.refusal("sign", key_id=curve, signing_algorithm="ECDSA_SHA_256", message="YQ==", message_type="COOKED") == "KMS.0308"
    assert sdk.refusal("show_public_key", key_id=symmetric) == "KMS.0308"
    for method, more in (("encrypt_data", {"plain_text": "x"}), ("create_datakey", {}), ("enable_key_rotation", {})):
        assert sdk.refusal(method, key_id=curve, **more) == "KMS.0308", method
    sdk("disable_key", key_id=curve)
    assert sdk.refusal("sign", key_id=curve, signing_algorithm="ECDSA_SHA_256", **request) == "KMS.0209"
    sdk("enable_key", key_id=curve)


@pytest.mark.parametrize("more", [{"key_spec": "AES_192"}, {"key_spec": "HMAC_256"}, {"key_usage": "GENERATE_VERIFY_MAC"},
                                  {"key_spec": "AES_256", "key_usage": "SIGN_VERIFY"}, {"key_spec": "EC_P256", "key_usage": "ENCRYPT_DECRYPT"},
                                  {"keystore_id": str(uuid.uuid4())}])
def test_kinds_of_keys_that_are_not_there(sdk, more):
    assert sdk.refusal("create_key", key_alias=unique_alias("sdk"), **more) == "KMS.0308"


@pytest.mark.parametrize("more", [{"key_spec": "AES_256"}, {"key_usage": "ENCRYPT_DECRYPT"},
                                  {"key_spec": "AES_256", "key_usage": "ENCRYPT_DECRYPT"}])
def test_symmetric_keys_by_their_names(sdk, more):
    assert KEY_ID.fullmatch(create(sdk, **more))


def test_versions(sdk):
    found = sdk("show_version", version_id="v1.0").to_json_object()["version"]
    assert found["id"] == "v1.0" and found["status"] == "CURRENT" and isinstance(found["links"], list)
    assert found in sdk("show_versions").to_json_object()["versions"]


NOT_BUILT = [("re_encrypt", "re-encrypt"), ("generate_mac", "generate-mac"), ("verify_mac", "verify-mac"), ("derive", "derive-shared-secret"),
             ("pairs", "create-rsa-datakey-pair"), ("pin", "create-pin"), ("capsule", "datakey-capsule/create"), ("alias", "alias/associate")]


@pytest.mark.parametrize("path", [path for _, path in NOT_BUILT])
def test_what_is_not_built_is_an_unknown_url(sdk, path):
    with pytest.raises(ServiceResponseException) as refused:
        sdk.post(path, key_id=NOBODY)
    assert (refused.value.status_code, refused.value.error_code) == (400, "KMS.0201")


def test_requests_can_be_made_on_one_connection_by_token_and_by_signature(server, sdk):
    key = create(sdk)
    with HuaweiClient(server) as signed:
        assert signed.describe(key)["key_id"] == key
        with pytest.raises(ServiceResponseException) as refused:
            sdk("list_key_detail", key_id=NOBODY)
        assert (refused.value.status_code, refused.value.error_code, refused.value.error_msg) == (400, "KMS.0205", "Invalid key ID.")
        assert uuid.UUID(refused.value.request_id)
