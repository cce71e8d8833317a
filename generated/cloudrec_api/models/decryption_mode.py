from enum import IntEnum


class DecryptionMode(IntEnum):
    """Encryption of the channel, the same as in the clients' RTC SDK. 0 none."""

    NONE = 0
    """The channel is not encrypted."""
    AES_128_XTS = 1
    """AES of 128 bits in XTS mode."""
    AES_128_ECB = 2
    """AES of 128 bits in ECB mode."""
    AES_256_XTS = 3
    """AES of 256 bits in XTS mode."""
    SM4_128_ECB = 4
    """SM4 of 128 bits in ECB mode."""
    AES_128_GCM = 5
    """AES of 128 bits in GCM mode."""
    AES_256_GCM = 6
    """AES of 256 bits in GCM mode."""
    AES_128_GCM2 = 7
    """AES of 128 bits in GCM mode, with a salt."""
    AES_256_GCM2 = 8
    """AES of 256 bits in GCM mode, with a salt."""

    def __str__(self) -> str:
        return self.name
