from enum import IntEnum


class StorageVendor(IntEnum):
    AMAZON_S3 = 1
    ALIBABA_CLOUD = 2
    TENCENT_CLOUD = 3
    MICROSOFT_AZURE = 5
    GOOGLE_CLOUD = 6
    HUAWEI_CLOUD = 7
    BAIDU_CLOUD = 8
    S3_COMPATIBLE = 11

    def __str__(self) -> str:
        return self.name
