"""Stand-ins for the object stores of three clouds, each with one bucket."""

import base64
import email.utils
import hashlib
import hmac
import json
import re
import urllib.parse
import urllib.request

from official.tools import Process, free_port, run

BUCKET = "staging"


def answer(url, method="GET", headers=None, body=None):
    request = urllib.request.Request(url, method=method, headers=headers or {}, data=body)
    with urllib.request.urlopen(request) as reply:
        return reply.read().decode()


class S3(Process):
    """Amazon S3, by moto."""

    scheme = "s3"
    # What stands for the signature in a link, and what must show nowhere.
    signature = "X-Amz-Signature="
    secret = "a-secret-key-that-nobody-may-see"

    def __init__(self, commands):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        super().__init__([commands / "moto_server", "-H", "127.0.0.1", "-p", port])
        self.wait_for(lambda: self.call("PUT", f"/{BUCKET}"))

    def call(self, method, path):
        authorization = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"
        return answer(self.url + path, method, {"Authorization": authorization})

    def environment(self):
        return {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
        }

    def keys(self):
        return re.findall(r"<Key>([^<]*)</Key>", self.call("GET", f"/{BUCKET}?list-type=2"))


class Google(S3):
    """Google Cloud Storage, whose XML requests are those of S3 but for who signs them: by moto, too.

    Nobody judges the signature here: moto takes any.
    """

    scheme = "gs"
    signature = "X-Goog-Signature="

    MAKE_KEY = """
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
print(key.private_bytes(*form).decode())
"""

    def __init__(self, commands):
        super().__init__(commands)
        self.key = run([commands / "python", "-c", self.MAKE_KEY]).stdout
        self.secret = self.key.split("\n")[1]

    def environment(self):
        account = {
            "type": "service_account",
            "private_key": self.key,
            "private_key_id": "key",
            "client_email": "odmkit@lab.iam.gserviceaccount.com",
            "client_id": "1",
            "gcs_base_url": self.url,
        }
        return {"GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps(account), "GOOGLE_ALLOW_HTTP": "true"}


class Azure(Process):
    """Azure Blob Storage, by Azurite, which judges signatures as Azure does."""

    scheme = "az"
    signature = "sig="
    # Azurite has one account; everybody knows its key.
    account = "devstoreaccount1"
    secret = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    def __init__(self, commands):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        flags = ["--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"]
        super().__init__([commands / "azurite-blob", *flags, "--blobHost", "127.0.0.1", "--blobPort", port])
        self.wait_for(lambda: self.call("PUT", {"restype": "container"}))

    def call(self, method, query):
        """A request about the container, signed with the account's key."""
        headers = {"x-ms-date": email.utils.formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
        lines = [method] + [""] * 11 + [f"{name}:{value}" for name, value in headers.items()]
        lines += [f"/{self.account}/{self.account}/{BUCKET}"]
        lines += [f"{name}:{value}" for name, value in sorted(query.items())]
        signed = hmac.new(base64.b64decode(self.secret), "\n".join(lines).encode(), hashlib.sha256)
        headers["Authorization"] = f"SharedKey {self.account}:{base64.b64encode(signed.digest()).decode()}"
        headers["Content-Length"] = "0"
        return answer(f"{self.url}/{self.account}/{BUCKET}?{urllib.parse.urlencode(query)}", method, headers)

    def environment(self):
        return {
            "AZURE_STORAGE_USE_EMULATOR": "true",
            "AZURITE_BLOB_STORAGE_URL": self.url,
        }

    def keys(self):
        return re.findall(r"<Name>([^<]*)</Name>", self.call("GET", {"comp": "list", "restype": "container"}))
