from enum import IntEnum


class StorageVendor(IntEnum):
    """1 Amazon S3, 2 Alibaba Cloud OSS, 3 Tencent Cloud COS, 5 Microsoft Azure, 6 Google Cloud, 7 Huawei Cloud OBS, 8 Baidu BOS, 11 anything that speaks S3."""

    AMAZON_S3 = 1
    """Amazon S3."""
    ALIBABA_CLOUD = 2
    """Alibaba Cloud OSS."""
    TENCENT_CLOUD = 3
    """Tencent Cloud COS."""
    MICROSOFT_AZURE = 5
    """Microsoft Azure."""
    GOOGLE_CLOUD = 6
    """Google Cloud."""
    HUAWEI_CLOUD = 7
    """Huawei Cloud OBS."""
    BAIDU_CLOUD = 8
    """Baidu BOS."""
    S3_COMPATIBLE = 11
    """Anything that speaks S3."""

    def __str__(self) -> str:
        return self.name
