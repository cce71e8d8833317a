"""Where recordings go: storages by their own words, and whether they can be written to.

::

    storage = S3("lessons", "eu-central-1", access_key, secret_key, prefix=("lessons", "42"))
    print(storage.policy())     # the least that the key's owner must be allowed
    storage.check()             # writes, reads and deletes a small object (extra cloudrec[storage])
    client.mix.start(..., storage_config=storage)
"""

from ._base import Storage
from ._diagnosis import StorageCheck, StorageCheckError, StorageProblem
from ._regions import AlibabaRegion, BaiduRegion, HuaweiRegion, S3Region, StorageRegion, TencentRegion
from ._vendors import S3, AlibabaOSS, AzureBlob, BaiduBOS, GoogleCloudStorage, HuaweiOBS, S3Compatible, TencentCOS

__all__ = [
    "S3",
    "AlibabaOSS",
    "AlibabaRegion",
    "AzureBlob",
    "BaiduBOS",
    "BaiduRegion",
    "GoogleCloudStorage",
    "HuaweiOBS",
    "HuaweiRegion",
    "S3Compatible",
    "S3Region",
    "Storage",
    "StorageCheck",
    "StorageCheckError",
    "StorageProblem",
    "StorageRegion",
    "TencentCOS",
    "TencentRegion",
]
