from enum import StrEnum


class ServerSideEncryption(StrEnum):
    AES256 = "aes256"
    KMS = "kms"

    def __str__(self) -> str:
        return str(self.value)
