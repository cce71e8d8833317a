"""`BasicAuth`: the customer ID and secret that requests are signed with."""

from base64 import b64encode

from .._contract.frames import discreet
from ..errors import ConfigurationError


@discreet
class BasicAuth:
    """Customer ID and customer secret, from the console's page on the RESTful API.

    >>> BasicAuth("4f8e...", "9b1c...")
    BasicAuth(customer_id='4f8e...', customer_secret='***')

    Raises:
        ConfigurationError: either is empty or not ASCII, or the customer ID holds a colon.
    """

    __slots__ = ("customer_id", "customer_secret")

    def __init__(self, customer_id: str, customer_secret: str) -> None:
        given: dict[str, object] = {"customer_id": customer_id, "customer_secret": customer_secret}
        for name, value in given.items():
            # The values are not shown, not even the ID: people put them the wrong way round.
            if not (isinstance(value, str) and value and value.isascii() and value.isprintable()):
                raise ConfigurationError(f"{name}: must be a string of printable ASCII characters and not empty")
        if ":" in customer_id:
            raise ConfigurationError("customer_id: must not hold a colon, which ends it in the Authorization header")
        self.customer_id: str = customer_id
        self.customer_secret: str = customer_secret

    @property
    def header(self) -> str:
        """Value of the Authorization header."""
        pair = f"{self.customer_id}:{self.customer_secret}".encode("ascii")
        return f"Basic {b64encode(pair).decode('ascii')}"

    def __repr__(self) -> str:
        return f"BasicAuth(customer_id={self.customer_id!r}, customer_secret='***')"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BasicAuth):
            return NotImplemented
        return (self.customer_id, self.customer_secret) == (other.customer_id, other.customer_secret)

    def __hash__(self) -> int:
        return hash((self.customer_id, self.customer_secret))
