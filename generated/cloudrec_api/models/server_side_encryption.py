from enum import StrEnum


class ServerSideEncryption(StrEnum):
    """Whose keys the files are encrypted with at rest; Amazon S3 only."""

    AES256 = "aes256"
    """Keys that Amazon S3 keeps."""
    KMS = "kms"
    """Keys of the AWS Key Management Service."""

    def __str__(self) -> str:
        return str(self.value)
